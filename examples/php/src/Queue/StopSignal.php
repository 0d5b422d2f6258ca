<?php

declare(strict_types=1);

namespace SheetId\Queue;

/**
 * Remembers that somebody asked the process to stop.
 */
final class StopSignal
{
    private bool $requested = false;

    /**
     * Listen to SIGTERM and SIGINT, where PHP can.
     */
    public static function ofProcess(): self
    {
        $stop = new self();
        if (function_exists('pcntl_async_signals')) {
            pcntl_async_signals(true);
            foreach ([SIGTERM, SIGINT] as $signal) {
                pcntl_signal($signal, static fn () => $stop->request());
            }
        }
        return $stop;
    }

    public function request(): void
    {
        $this->requested = true;
    }

    public function isRequested(): bool
    {
        return $this->requested;
    }
}
