<?php

declare(strict_types=1);

namespace SheetId\Queue;

/**
 * Waits longer after every failure in a row, and not at all any more once somebody asked to stop.
 */
final class Backoff
{
    private const STEP_SECONDS = 0.2;

    private int $failures = 0;

    /**
     * @param \Closure(float): void $sleep waits that many seconds
     */
    public function __construct(
        private readonly StopSignal $stop,
        private readonly \Closure $sleep,
        private readonly float $first = 0.5,
        private readonly float $longest = 30.0,
    ) {
    }

    public function wait(): void
    {
        $left = min($this->longest, $this->first * 2 ** min($this->failures++, 16));
        while ($left > 0 && !$this->stop->isRequested()) {
            ($this->sleep)(min(self::STEP_SECONDS, $left));
            $left -= self::STEP_SECONDS;
        }
    }

    public function reset(): void
    {
        $this->failures = 0;
    }
}
