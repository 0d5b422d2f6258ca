<?php

declare(strict_types=1);

namespace SheetId\Tests\Unit\Results;

use PHPUnit\Framework\TestCase;
use SheetId\Results\MessageSchema;
use SheetId\Results\Outcome;
use SheetId\Results\ResultHandler;
use SheetId\Results\ResultParser;
use SheetId\Tests\Fake\MemoryLog;
use SheetId\Tests\Fake\MemoryResultStore;
use SheetId\Tests\Sample;

final class ResultHandlerTest extends TestCase
{
    /** The same message twice is stored once; both times it may be acknowledged. */
    public function testStoresOnce(): void
    {
        $store = new MemoryResultStore();
        $log = new MemoryLog();
        $handler = new ResultHandler(new ResultParser(MessageSchema::compiled()), $store, $log->log(...));
        self::assertSame(Outcome::Stored, $handler->handle(Sample::review()));
        self::assertSame(Outcome::Duplicate, $handler->handle(Sample::review()));
        self::assertCount(1, $store->results);
        self::assertSame(['result stored', 'result duplicate'], $log->messages('info'));
        self::assertSame('low_confidence', $log->entries[0]['context']['reason']);
    }
}
