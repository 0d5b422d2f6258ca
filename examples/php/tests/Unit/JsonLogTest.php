<?php

declare(strict_types=1);

namespace SheetId\Tests\Unit;

use PHPUnit\Framework\TestCase;
use SheetId\JsonLog;

final class JsonLogTest extends TestCase
{
    /** One line for an entry, whatever bytes are in it; what is null is left out. */
    public function testOneLineForAnEntry(): void
    {
        $stream = fopen('php://memory', 'w+b');
        (new JsonLog($stream))->log('error', "two\nlines", ['a' => "\xff", 'b' => null]);
        $line = (string) stream_get_contents($stream, -1, 0);
        self::assertSame(1, substr_count($line, "\n"));
        $entry = json_decode($line, true, 4, JSON_THROW_ON_ERROR);
        self::assertSame(['ERROR', "two\nlines", "\u{fffd}"], [$entry['severity'], $entry['message'], $entry['a']]);
        self::assertArrayNotHasKey('b', $entry);
    }
}
