<?php

declare(strict_types=1);

namespace SheetId\Queue;

/**
 * The subscription is not there or not ours to read: somebody has to change something.
 */
final class QueueMisconfigured extends \RuntimeException
{
}
