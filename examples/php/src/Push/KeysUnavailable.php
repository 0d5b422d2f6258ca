<?php

declare(strict_types=1);

namespace SheetId\Push;

/**
 * The keys that tokens are verified with cannot be had at the moment.
 */
final class KeysUnavailable extends \RuntimeException
{
}
