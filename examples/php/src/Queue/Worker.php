<?php

declare(strict_types=1);

namespace SheetId\Queue;

use SheetId\Results\ResultHandler;
use SheetId\Results\ResultsUnavailable;

/**
 * Takes results from the queue and stores them until it is asked to stop.
 *
 * A message is acknowledged only after its row has been committed. While the database is away, the batch at hand is
 * kept and nothing more is pulled: letting messages go would count as failed deliveries and end in the dead-letter
 * topic, where good results have no business.
 */
final class Worker
{
    /** Longer than the longest wait between two attempts to store. */
    private const KEEP_SECONDS = 120;

    private readonly Backoff $queueBackoff;
    private readonly Backoff $storeBackoff;

    /**
     * @param \Closure(string, string, array<string, mixed>): void $log level, message and context, as PSR-3's log()
     * @param \Closure(float): void $sleep waits that many seconds
     */
    public function __construct(
        private readonly ResultQueue $queue,
        private readonly ResultHandler $handler,
        private readonly StopSignal $stop,
        private readonly \Closure $log,
        \Closure $sleep,
    ) {
        $this->queueBackoff = new Backoff($stop, $sleep);
        $this->storeBackoff = new Backoff($stop, $sleep);
    }

    /**
     * @throws QueueMisconfigured
     */
    public function run(): void
    {
        while (!$this->stop->isRequested()) {
            try {
                $messages = $this->queue->pull();
                $this->queueBackoff->reset();
            } catch (QueueUnavailable $failure) {
                ($this->log)('warning', 'cannot pull', ['error' => $failure->getMessage()]);
                $this->queueBackoff->wait();
                continue;
            }
            $this->process($messages);
        }
    }

    /**
     * @param list<QueuedMessage> $messages
     */
    private function process(array $messages): void
    {
        $done = $refused = [];
        foreach ($messages as $index => $message) {
            try {
                if (!$this->store($message, $messages)) {
                    $refused = [...$refused, ...array_slice($messages, $index)];
                    break;
                }
                $done[] = $message;
            } catch (\Throwable $error) {
                // Invalid, or something in the application trips over it: either way it must not stop the others.
                ($this->log)('error', 'message refused', [
                    'message' => $message->id,
                    'attempt' => $message->attempt,
                    'error' => $error::class . ": {$error->getMessage()}",
                ]);
                $refused[] = $message;
            }
        }
        $this->tell($this->queue->acknowledge(...), $done);
        $this->tell($this->queue->release(...), $refused);
    }

    /**
     * Store a message's result, however long the database is away; return false when asked to stop before.
     *
     * @param non-empty-list<QueuedMessage> $held what must not be delivered to anybody else meanwhile
     * @throws \Throwable when it can never be stored
     */
    private function store(QueuedMessage $message, array $held): bool
    {
        while (!$this->stop->isRequested()) {
            try {
                $this->handler->handle($message->data);
                $this->storeBackoff->reset();
                return true;
            } catch (ResultsUnavailable $failure) {
                ($this->log)('error', 'cannot store', ['message' => $message->id, 'error' => $failure->getMessage()]);
                $this->tell(fn (array $messages) => $this->queue->extend($messages, self::KEEP_SECONDS), $held);
                $this->storeBackoff->wait();
            }
        }
        return false;
    }

    /**
     * Tell the queue what became of messages. Should that fail, they are delivered again, which does no harm.
     *
     * @param \Closure(list<QueuedMessage>): void $tell
     * @param list<QueuedMessage> $messages
     */
    private function tell(\Closure $tell, array $messages): void
    {
        if ($messages === []) {
            return;
        }
        try {
            $tell($messages);
        } catch (QueueUnavailable $failure) {
            ($this->log)('warning', 'messages will be delivered again', ['error' => $failure->getMessage()]);
        }
    }
}
