<?php

declare(strict_types=1);

namespace SheetId\Tests\Unit\Results;

use PHPUnit\Framework\TestCase;
use SheetId\Results\Status;
use SheetId\Tools\ProtoSchema;

final class SchemaTest extends TestCase
{
    private const PROTO = __DIR__ . '/../../../../../infra/schemas/sheet_result.proto';
    private const COMPILED = __DIR__ . '/../../../src/Results/schema.php';

    /** The array that messages are validated with is what the topic's schema compiles to. */
    public function testCompiledSchemaIsUpToDate(): void
    {
        $tool = escapeshellarg(dirname(__DIR__, 3) . '/tools/compile-schema.php');
        $compiled = shell_exec(escapeshellarg(PHP_BINARY) . " $tool " . escapeshellarg(self::PROTO));
        self::assertStringEqualsFile(self::COMPILED, (string) $compiled, 'run tools/compile-schema.php');
    }

    /** Every field of the proto file is found, with its type. */
    public function testFindsEveryField(): void
    {
        $schema = ProtoSchema::parse((string) file_get_contents(self::PROTO));
        self::assertCount(13, $schema['fields']);
        self::assertSame(['type' => 'Digit', 'repeated' => true], $schema['fields']['digits']);
        self::assertSame(['Digit', 'Model'], array_keys($schema['messages']));
        self::assertSame(['type' => 'int32', 'repeated' => true], $schema['messages']['Digit']['box']);
    }

    /** The statuses that the code knows are those of the schema. */
    public function testStatusesAgree(): void
    {
        $schema = require self::COMPILED;
        self::assertSame(array_column(Status::cases(), 'value'), $schema['enums']['Status']);
    }

    /** Comments, the zero value and nesting do not confuse the parser. */
    public function testParsesWhatPubSubAllows(): void
    {
        $proto = <<<'PROTO'
            syntax = "proto3"; // message Fake { string no = 1; }
            /* enum Fake { no = 1; } */
            message Top {
              enum E { unset = 0; one = 1; }
              message Inner { repeated int32 numbers = 1; }
              E e = 1; repeated Inner inner = 2;
            }
            PROTO;
        self::assertSame([
            'fields' => [
                'e' => ['type' => 'E', 'repeated' => false],
                'inner' => ['type' => 'Inner', 'repeated' => true],
            ],
            'messages' => ['Inner' => ['numbers' => ['type' => 'int32', 'repeated' => true]]],
            'enums' => ['E' => ['one']],
        ], ProtoSchema::parse($proto));
    }

    /** A file without a message is no schema. */
    public function testRefusesAFileWithoutAMessage(): void
    {
        $this->expectException(\UnexpectedValueException::class);
        ProtoSchema::parse('syntax = "proto3";');
    }
}
