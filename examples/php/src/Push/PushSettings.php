<?php

declare(strict_types=1);

namespace SheetId\Push;

use SheetId\Environment;
use SheetId\InvalidSettings;

/**
 * Whose pushes are accepted.
 */
final class PushSettings
{
    /**
     * @param string $audience the audience that the push subscription was given
     * @param string $serviceAccount email of the service account that the push subscription authenticates as
     */
    public function __construct(public readonly string $audience, public readonly string $serviceAccount)
    {
    }

    /**
     * @throws InvalidSettings
     */
    public static function from(Environment $environment): self
    {
        $settings = new self(
            $environment->required('SHEETS_PUSH_AUDIENCE'),
            $environment->required('SHEETS_PUSH_SERVICE_ACCOUNT'),
        );
        $environment->check();
        return $settings;
    }
}
