<?php

declare(strict_types=1);

namespace SheetId\Results;

/**
 * Whether the number can be relied upon.
 */
enum Status: string
{
    case Read = 'read';
    case Review = 'review';
    case Rejected = 'rejected';
}
