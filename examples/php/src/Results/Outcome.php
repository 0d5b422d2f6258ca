<?php

declare(strict_types=1);

namespace SheetId\Results;

/**
 * What became of a message; either way it may be acknowledged.
 */
enum Outcome: string
{
    case Stored = 'stored';
    case Duplicate = 'duplicate';
}
