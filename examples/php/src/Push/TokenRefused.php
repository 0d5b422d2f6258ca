<?php

declare(strict_types=1);

namespace SheetId\Push;

/**
 * The caller is not who it should be.
 */
final class TokenRefused extends \RuntimeException
{
}
