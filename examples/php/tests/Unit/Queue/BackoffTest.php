<?php

declare(strict_types=1);

namespace SheetId\Tests\Unit\Queue;

use PHPUnit\Framework\TestCase;
use SheetId\Queue\Backoff;
use SheetId\Queue\StopSignal;

final class BackoffTest extends TestCase
{
    private float $slept = 0.0;

    private function backoff(StopSignal $stop): Backoff
    {
        return new Backoff($stop, function (float $seconds): void {
            $this->slept += $seconds;
        }, 1.0, 5.0);
    }

    /** Pauses double up to the longest, and begin anew after a success. */
    public function testPausesGrowToALimit(): void
    {
        $backoff = $this->backoff(new StopSignal());
        $pauses = [];
        foreach (range(1, 5) as $_) {
            $this->slept = 0.0;
            $backoff->wait();
            $pauses[] = round($this->slept, 3);
        }
        self::assertSame([1.0, 2.0, 4.0, 5.0, 5.0], $pauses);
        $backoff->reset();
        $this->slept = 0.0;
        $backoff->wait();
        self::assertEqualsWithDelta(1.0, $this->slept, 0.001);
    }

    /** A wish to stop ends the pause that is under way. */
    public function testAStopEndsThePause(): void
    {
        $stop = new StopSignal();
        $sleeps = 0;
        $backoff = new Backoff($stop, static function () use ($stop, &$sleeps): void {
            $sleeps++;
            $stop->request();
        }, 60.0, 60.0);
        $backoff->wait();
        self::assertSame(1, $sleeps);
    }

    /**
     * A signal to the process is a wish to stop.
     *
     * @requires extension pcntl
     * @requires extension posix
     */
    public function testSignalsAreHeard(): void
    {
        $stop = StopSignal::ofProcess();
        self::assertFalse($stop->isRequested());
        posix_kill(posix_getpid(), SIGTERM);
        self::assertTrue($stop->isRequested());
        pcntl_signal(SIGTERM, SIG_DFL);
        pcntl_signal(SIGINT, SIG_DFL);
    }
}
