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
    private const PULL_SECONDS = 100;

    /**
     * @param int $pullSeconds how long one pull waits at most; longer than the service itself waits (90 seconds),
     *     which otherwise hands messages to a pull that has been given up, and they are stuck until its lease ends
     * @param int $batch how many messages are taken at once at most
     * @param bool $emulated whether the client was pointed at an emulator
     */
    public function __construct(
        public readonly string $project,
        public readonly string $subscription,
        public readonly int $pullSeconds = self::PULL_SECONDS,
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
            $environment->optional('SHEETS_SUBSCRIPTION') ?? 'sheet-results-app',
            $environment->integer('SHEETS_PULL_SECONDS', self::PULL_SECONDS, 1, 600),
            $environment->integer('SHEETS_BATCH', 50, 1, 500),
            $environment->optional('PUBSUB_EMULATOR_HOST') !== null,
        );
        $environment->check();
        return $settings;
    }
}
