<?php

declare(strict_types=1);

namespace SheetId\Results;

/**
 * The message is no result, and will be none when it is delivered again: it belongs in the dead-letter topic.
 */
final class InvalidMessage extends \RuntimeException
{
}
