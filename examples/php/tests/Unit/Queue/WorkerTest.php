<?php

declare(strict_types=1);

namespace SheetId\Tests\Unit\Queue;

use PHPUnit\Framework\TestCase;
use SheetId\Queue\QueueMisconfigured;
use SheetId\Queue\QueueUnavailable;
use SheetId\Queue\StopSignal;
use SheetId\Queue\Worker;
use SheetId\Results\MessageSchema;
use SheetId\Results\ResultHandler;
use SheetId\Results\ResultParser;
use SheetId\Results\ResultsUnavailable;
use SheetId\Tests\Fake\MemoryLog;
use SheetId\Tests\Fake\MemoryQueue;
use SheetId\Tests\Fake\MemoryResultStore;
use SheetId\Tests\Sample;

final class WorkerTest extends TestCase
{
    private StopSignal $stop;
    private MemoryLog $log;
    private MemoryResultStore $store;
    private MemoryQueue $queue;
    /** @var \Closure(float): void what happens while it waits */
    private \Closure $sleep;

    protected function setUp(): void
    {
        $this->stop = new StopSignal();
        $this->log = new MemoryLog();
        $this->store = new MemoryResultStore();
        $this->sleep = static fn (float $seconds) => null;
    }

    /**
     * @param list<array<string, string>|\Exception> $batches the last one is handed out together with a wish to stop
     */
    private function work(array $batches): void
    {
        $this->queue = new MemoryQueue($batches, $this->stop);
        $handler = new ResultHandler(new ResultParser(MessageSchema::compiled()), $this->store, $this->log->log(...));
        (new Worker($this->queue, $handler, $this->stop, $this->log->log(...), $this->sleep))->run();
    }

    private static function message(int $number): string
    {
        return Sample::read(['image' => "$number.jpg"]);
    }

    /** What was stored is acknowledged, batch after batch, until it is asked to stop. */
    public function testStoresAndAcknowledges(): void
    {
        $this->work([['a' => self::message(1), 'b' => self::message(2)], [], ['c' => self::message(3)], []]);
        self::assertCount(3, $this->store->results);
        self::assertSame(['a', 'b', 'c'], $this->queue->acknowledged);
        self::assertSame([], $this->queue->released);
    }

    /** A message that was stored before is acknowledged all the same. */
    public function testAcknowledgesDuplicates(): void
    {
        $this->work([['a' => self::message(1), 'b' => self::message(1)], []]);
        self::assertCount(1, $this->store->results);
        self::assertSame(['a', 'b'], $this->queue->acknowledged);
    }

    /** A poison message is given back, on its way to the dead letters, and the others pass it by. */
    public function testPoisonIsGivenBack(): void
    {
        $this->work([['a' => self::message(1), 'poison' => 'junk', 'c' => self::message(3)], []]);
        self::assertSame(['a', 'c'], $this->queue->acknowledged);
        self::assertSame(['poison'], $this->queue->released);
        self::assertSame(['message refused'], $this->log->messages('error'));
    }

    /** So is one that the application trips over. */
    public function testSurvivesErrorsOfTheApplication(): void
    {
        $this->store->failures = [new \TypeError('a mistake')];
        $this->work([['a' => self::message(1), 'b' => self::message(2)], []]);
        self::assertSame(['b'], $this->queue->acknowledged);
        self::assertSame(['a'], $this->queue->released);
    }

    /** While the database is away the whole batch is kept, nothing is given back, and at last all is stored. */
    public function testWaitsForTheDatabase(): void
    {
        $this->store->failures = [new ResultsUnavailable('away'), new ResultsUnavailable('away')];
        $this->work([['a' => self::message(1), 'b' => self::message(2)], []]);
        self::assertSame(['a', 'b'], $this->queue->acknowledged);
        self::assertSame(['a', 'b', 'a', 'b'], $this->queue->extended);
        self::assertSame([], $this->queue->released);
    }

    /** Asked to stop while the database is away, it acknowledges what was stored and gives the rest back. */
    public function testStopsWhileTheDatabaseIsAway(): void
    {
        $this->store->failures = array_fill(0, 99, new ResultsUnavailable('away'));
        $this->sleep = fn (float $seconds) => $this->stop->request();
        $this->work([['a' => self::message(1), 'b' => self::message(2)], [], []]);
        self::assertSame([], $this->queue->acknowledged);
        self::assertSame(['a', 'b'], $this->queue->released);
    }

    /** Asked to stop in the middle of a batch, it acknowledges what was stored and gives the rest back at once. */
    public function testStopsBetweenMessages(): void
    {
        $this->work([['a' => self::message(1), 'b' => self::message(2)]]);
        self::assertSame([], $this->queue->acknowledged);
        self::assertSame(['a', 'b'], $this->queue->released);
    }

    /** When the queue is away it waits, longer each time, and goes on. */
    public function testWaitsForTheQueue(): void
    {
        $waited = 0.0;
        $this->sleep = static function (float $seconds) use (&$waited): void {
            $waited += $seconds;
        };
        $away = new QueueUnavailable('away');
        $this->work([$away, $away, $away, ['a' => self::message(1)], []]);
        self::assertSame(['a'], $this->queue->acknowledged);
        self::assertEqualsWithDelta(0.5 + 1.0 + 2.0, $waited, 0.001);
    }

    /** A subscription that is not there ends the worker: somebody has to see it. */
    public function testMisconfigurationIsNotHidden(): void
    {
        $this->expectException(QueueMisconfigured::class);
        $this->work([new QueueMisconfigured('no such subscription'), []]);
    }

    /** An acknowledgement that fails is no catastrophe: the message comes again and is known. */
    public function testGoesOnWhenItCannotAcknowledge(): void
    {
        $queue = new MemoryQueue([['a' => self::message(1)], []], $this->stop);
        $queue->answers = false;
        $handler = new ResultHandler(new ResultParser(MessageSchema::compiled()), $this->store, $this->log->log(...));
        (new Worker($queue, $handler, $this->stop, $this->log->log(...), $this->sleep))->run();
        self::assertCount(1, $this->store->results);
        self::assertSame(['messages will be delivered again'], $this->log->messages('warning'));
    }
}
