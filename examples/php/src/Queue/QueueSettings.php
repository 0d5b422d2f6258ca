<?php

declare(strict_types=1);

namespace SheetId\Queue;

use SheetId\Environment;
use SheetId\InvalidSettings;

/**
 * Which subscription results are pulled from, and how.
 */
final class QueueSettings
{
    /**
     * @param int $pullSeconds how long one pull waits at most, and so how long a stop may take
     * @param int $batch how many messages are taken at once at most
     * @param bool $emulated whether the client was pointed at an emulator
     */
    public function __construct(
        public readonly string $project,
        public readonly string $subscription,
        public readonly int $pullSeconds = 20,
        public readonly int $batch = 50,
        public readonly bool $emulated = false,
    ) {
    }

    /**
     * @throws InvalidSettings
     */
    public static function from(Environment $environment): self
    {
        $settings = new self(
            $environment->required('GOOGLE_CLOUD_PROJECT'),
            $environment->optional('SHEETID_SUBSCRIPTION') ?? 'sheet-results-app',
            $environment->integer('SHEETID_PULL_SECONDS', 20, 1, 90),
            $environment->integer('SHEETID_BATCH', 50, 1, 500),
            $environment->optional('PUBSUB_EMULATOR_HOST') !== null,
        );
        $environment->check();
        return $settings;
    }
}
