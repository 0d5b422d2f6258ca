<?php

declare(strict_types=1);

namespace SheetId\Tests\Fake;

use SheetId\Push\KeysUnavailable;
use SheetId\Push\TokenRefused;
use SheetId\Push\TokenVerifier;

/**
 * Accepts the token "good"; of any other but "unknown" it says that it is refused.
 */
final class OneToken implements TokenVerifier
{
    public function verify(string $token): void
    {
        match ($token) {
            'good' => null,
            'unknown' => throw new KeysUnavailable('no keys'),
            default => throw new TokenRefused('bad'),
        };
    }
}
