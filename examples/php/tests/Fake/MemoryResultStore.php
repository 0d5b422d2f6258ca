<?php

declare(strict_types=1);

namespace SheetId\Tests\Fake;

use SheetId\Results\ResultStore;
use SheetId\Results\SheetResult;

/**
 * Results in memory; fails with the exceptions it is given first.
 */
final class MemoryResultStore implements ResultStore
{
    /** @var array<string, SheetResult> by identity */
    public array $results = [];

    /**
     * @param list<\Throwable> $failures
     */
    public function __construct(public array $failures = [])
    {
    }

    public function store(SheetResult $result): bool
    {
        if ($this->failures !== []) {
            throw array_shift($this->failures);
        }
        $isNew = !isset($this->results[$result->identity()]);
        $this->results[$result->identity()] ??= $result;
        return $isNew;
    }
}
