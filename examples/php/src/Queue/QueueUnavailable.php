<?php

declare(strict_types=1);

namespace SheetId\Queue;

/**
 * Pub/Sub, or the way to it, failed; the same may work later.
 */
final class QueueUnavailable extends \RuntimeException
{
}
