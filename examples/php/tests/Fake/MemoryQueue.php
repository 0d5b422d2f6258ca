<?php

declare(strict_types=1);

namespace SheetId\Tests\Fake;

use SheetId\Queue\QueuedMessage;
use SheetId\Queue\QueueUnavailable;
use SheetId\Queue\ResultQueue;
use SheetId\Queue\StopSignal;

/**
 * Hands prepared batches out, remembers what it is told, and stops the worker when there is no batch left.
 */
final class MemoryQueue implements ResultQueue
{
    /** @var list<string> ids */
    public array $acknowledged = [];
    /** @var list<string> ids */
    public array $released = [];
    /** @var list<string> ids, once for every extension */
    public array $extended = [];
    public bool $answers = true;

    /**
     * @param list<array<string, string>|\Exception> $batches data by id, or what the pull fails with
     */
    public function __construct(private array $batches, private readonly StopSignal $stop)
    {
    }

    public function pull(): array
    {
        $batch = array_shift($this->batches);
        if ($this->batches === []) {
            $this->stop->request();
        }
        if ($batch instanceof \Exception) {
            throw $batch;
        }
        $messages = [];
        foreach ($batch ?? [] as $id => $data) {
            $messages[] = new QueuedMessage((string) $id, "receipt of $id", $data, 1);
        }
        return $messages;
    }

    public function acknowledge(array $messages): void
    {
        $this->note($this->acknowledged, $messages);
    }

    public function release(array $messages): void
    {
        $this->note($this->released, $messages);
    }

    public function extend(array $messages, int $seconds): void
    {
        $this->note($this->extended, $messages);
    }

    /**
     * @param list<string> $ids
     * @param list<QueuedMessage> $messages
     */
    private function note(array &$ids, array $messages): void
    {
        if (!$this->answers) {
            throw new QueueUnavailable('no answer');
        }
        foreach ($messages as $message) {
            $ids[] = $message->id;
        }
    }
}
