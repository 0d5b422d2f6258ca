<?php

declare(strict_types=1);

namespace SheetId\Tests\Unit\Results;

use PHPUnit\Framework\TestCase;
use SheetId\Results\InvalidMessage;
use SheetId\Results\MessageSchema;
use SheetId\Results\ResultParser;
use SheetId\Results\SheetResult;
use SheetId\Results\Status;
use SheetId\Tests\Sample;

final class ResultParserTest extends TestCase
{
    private static function parse(string $data): SheetResult
    {
        return (new ResultParser(MessageSchema::compiled()))->parse($data);
    }

    /** A number that was read, with its leading zeros. */
    public function testRead(): void
    {
        $result = self::parse(Sample::read());
        self::assertEquals(new SheetResult(
            'sheets',
            'sheets/1f.jpg',
            '1760000000000001',
            Status::Read,
            '0042137',
            null,
            null,
            0.998,
            'digits:1',
            '7',
            '2026-01-02T03:04:05.678Z',
        ), $result);
        self::assertSame('sheets/sheets/1f.jpg#1760000000000001', $result->identity());
    }

    /** A doubtful number is a candidate, never a sheet number. */
    public function testReview(): void
    {
        $result = self::parse(Sample::review());
        self::assertSame(
            [Status::Review, null, '42137', 'low_confidence'],
            [$result->status, $result->sheetNumber, $result->candidate, $result->reason],
        );
    }

    /** A sheet may be doubtful without a candidate worth showing. */
    public function testReviewWithoutCandidate(): void
    {
        self::assertNull(self::parse(Sample::review(['candidate' => null]))->candidate);
    }

    /** A hopeless sheet has a reason and nothing else. */
    public function testRejected(): void
    {
        $result = self::parse(Sample::rejected());
        self::assertSame(
            [Status::Rejected, null, null, 'no_digits', null, null],
            [
                $result->status,
                $result->sheetNumber,
                $result->candidate,
                $result->reason,
                $result->confidence,
                $result->model,
            ],
        );
    }

    /**
     * What a later version of the function may add does no harm.
     *
     * @dataProvider additions
     */
    public function testToleratesAdditions(string $data): void
    {
        self::assertSame('sheets/1f.jpg', self::parse($data)->image);
    }

    /**
     * @return array<string, array{string}>
     */
    public static function additions(): array
    {
        return [
            'a field' => [Sample::read(['colour' => 'red'])],
            'a field with deep contents' => [Sample::read(['page' => ['size' => ['a4', [1, 2]]]])],
            'a field in a digit' => [Sample::read(['digits' => [['digit' => '1', 'font' => 'x']]])],
            'a reason' => [Sample::rejected(['reason' => 'upside_down'])],
            'a number beyond 64 bits' => [substr(Sample::read(), 0, -1) . ',"big":123456789012345678901234567890}'],
            'a field that is null' => [substr(Sample::read(), 0, -1) . ',"candidate":null}'],
            'a confidence without fraction' => [Sample::read(['confidence' => 1])],
        ];
    }

    /**
     * What is no result is refused, and the message says which field is wrong.
     *
     * @dataProvider invalid
     */
    public function testRefuses(string $data, string $about): void
    {
        $this->expectException(InvalidMessage::class);
        $this->expectExceptionMessage($about);
        self::parse($data);
    }

    /**
     * @return array<string, array{string, string}>
     */
    public static function invalid(): array
    {
        return [
            'nothing' => ['', 'not JSON'],
            'no JSON' => ['hello', 'not JSON'],
            'half a message' => [substr(Sample::read(), 0, -20), 'not JSON'],
            'bytes that are no UTF-8' => ["{\"image\":\"\xff\"}", 'not JSON'],
            'too deep' => [str_repeat('{"a":', 30) . '1' . str_repeat('}', 30), 'not JSON'],
            'a list' => ['[]', 'not a JSON object'],
            'a string' => ['"x"', 'not a JSON object'],
            'another version' => [Sample::read(['schemaVersion' => 2]), 'schemaVersion is 2'],
            'no version' => [Sample::read(['schemaVersion' => null]), 'schemaVersion is null'],
            'no bucket' => [Sample::read(['bucket' => null]), 'bucket is missing'],
            'an empty image' => [Sample::read(['image' => '']), 'image is missing'],
            'no generation' => [Sample::read(['generation' => null]), 'generation is missing'],
            'a generation that is a number' => [Sample::read(['generation' => 17]), 'generation is not of type string'],
            'a generation with letters' => [Sample::read(['generation' => '17a']), 'generation is not a whole number'],
            'a generation beyond 64 bits' => [Sample::read(['generation' => '9223372036854775808']), 'generation'],
            'a generation with zeros' => [Sample::read(['generation' => '007']), 'generation'],
            'no status' => [Sample::read(['status' => null]), 'status is missing'],
            'an unknown status' => [Sample::read(['status' => 'maybe']), 'status is not of type Status'],
            'an unset status' => [Sample::read(['status' => 'status_unspecified']), 'status is not of type Status'],
            'a status as number' => [Sample::read(['status' => 1]), 'status is not of type Status'],
            'a reason as number' => [Sample::rejected(['reason' => 1]), 'reason is not of type Reason'],
            'a number that is a number' => [Sample::read(['sheetNumber' => 42137]), 'sheetNumber is not of type'],
            'a number with letters' => [Sample::read(['sheetNumber' => '42137O']), 'other characters than digits'],
            'a number and a line end' => [Sample::read(['sheetNumber' => "42137\n"]), 'other characters than digits'],
            'an endless number' => [Sample::read(['sheetNumber' => str_repeat('1', 65)]), 'sheetNumber is longer'],
            'an endless image' => [Sample::read(['image' => str_repeat('ä', 513)]), 'image is longer'],
            'read without number' => [Sample::read(['sheetNumber' => null]), 'sheetNumber does not go with'],
            'read with a reason' => [Sample::read(['reason' => 'ambiguous']), 'reason does not go with'],
            'read with a candidate' => [Sample::read(['candidate' => '1']), 'candidate does not go with'],
            'review with a number' => [Sample::review(['sheetNumber' => '1']), 'sheetNumber does not go with'],
            'review without reason' => [Sample::review(['reason' => null]), 'reason does not go with'],
            'rejected with a number' => [Sample::rejected(['sheetNumber' => '1']), 'sheetNumber does not go with'],
            'rejected with a candidate' => [Sample::rejected(['candidate' => '1']), 'candidate does not go with'],
            'confidence above one' => [Sample::read(['confidence' => 1.01]), 'confidence is not from 0 to 1'],
            'confidence below zero' => [Sample::read(['confidence' => -0.1]), 'confidence is not from 0 to 1'],
            'confidence as text' => [Sample::read(['confidence' => '0.9']), 'confidence is not of type double'],
            'digits that are no list' => [Sample::read(['digits' => 'x']), 'digits is not a list'],
            'a digit that is none' => [Sample::read(['digits' => ['x']]), 'digits[0] is not an object'],
            'a box of text' => [Sample::read(['digits' => [['box' => ['1']]]]), 'digits[0].box[0] is not of type'],
            'a box too far out' => [Sample::read(['digits' => [['box' => [2 ** 31]]]]), 'digits[0].box[0]'],
            'a model that is a name' => [Sample::read(['model' => 'digits']), 'model is not an object'],
            'a version as number' => [Sample::read(['model' => ['version' => 1]]), 'model.version is not of type'],
        ];
    }

    /** Whatever bytes come, the answer is a result or a refusal, never another error. */
    public function testSurvivesAnyDamage(): void
    {
        mt_srand(11);
        $refused = 0;
        for ($round = 0; $round < 3000; $round++) {
            $data = Sample::read();
            for ($damage = mt_rand(1, 4); $damage > 0; $damage--) {
                $data[mt_rand(0, strlen($data) - 1)] = chr(mt_rand(0, 255));
            }
            try {
                self::parse($data);
            } catch (InvalidMessage) {
                $refused++;
            }
        }
        self::assertGreaterThan(1000, $refused);
    }
}
