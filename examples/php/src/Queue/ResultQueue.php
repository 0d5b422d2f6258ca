<?php

declare(strict_types=1);

namespace SheetId\Queue;

/**
 * What the worker needs of Pub/Sub, and nothing else, so that everything around it is tested without.
 */
interface ResultQueue
{
    /**
     * Wait for messages, for a bounded time.
     *
     * @return list<QueuedMessage> none when none came
     * @throws QueueUnavailable when it may work later
     * @throws QueueMisconfigured when it never will
     */
    public function pull(): array;

    /**
     * Say that messages need never be delivered again.
     *
     * @param non-empty-list<QueuedMessage> $messages
     * @throws QueueUnavailable
     */
    public function acknowledge(array $messages): void;

    /**
     * Give messages back, to be delivered again or, after the subscription's last attempt, to the dead-letter topic.
     *
     * @param non-empty-list<QueuedMessage> $messages
     * @throws QueueUnavailable
     */
    public function release(array $messages): void;

    /**
     * Keep messages for that many seconds from now.
     *
     * @param non-empty-list<QueuedMessage> $messages
     * @throws QueueUnavailable
     */
    public function extend(array $messages, int $seconds): void;
}
