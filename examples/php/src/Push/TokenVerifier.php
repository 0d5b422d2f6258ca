<?php

declare(strict_types=1);

namespace SheetId\Push;

/**
 * Tells whether a bearer token was issued to Pub/Sub, for us.
 */
interface TokenVerifier
{
    /**
     * @throws TokenRefused when it was not
     * @throws KeysUnavailable when that cannot be told at the moment
     */
    public function verify(string $token): void;
}
