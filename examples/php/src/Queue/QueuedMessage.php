<?php

declare(strict_types=1);

namespace SheetId\Queue;

/**
 * A message that is ours until it is acknowledged or its time is up.
 */
final class QueuedMessage
{
    /**
     * @param string $id what the message is known by in logs
     * @param string $receipt what this delivery is acknowledged by
     * @param string $data decoded from base64
     * @param ?int $attempt the how-manieth delivery it is, when the subscription counts them
     */
    public function __construct(
        public readonly string $id,
        public readonly string $receipt,
        public readonly string $data,
        public readonly ?int $attempt = null,
    ) {
    }
}
