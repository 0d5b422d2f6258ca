<?php

declare(strict_types=1);

namespace SheetId\Tests\Unit\Push;

use PHPUnit\Framework\TestCase;
use SheetId\Push\PushEndpoint;
use SheetId\Push\PushResponse;
use SheetId\Results\MessageSchema;
use SheetId\Results\ResultHandler;
use SheetId\Results\ResultParser;
use SheetId\Results\ResultsUnavailable;
use SheetId\Tests\Fake\MemoryLog;
use SheetId\Tests\Fake\MemoryResultStore;
use SheetId\Tests\Fake\OneToken;
use SheetId\Tests\Sample;

final class PushEndpointTest extends TestCase
{
    private MemoryResultStore $store;

    protected function setUp(): void
    {
        $this->store = new MemoryResultStore();
    }

    private function push(string $body, string $authorization = 'Bearer good', string $method = 'POST'): PushResponse
    {
        $log = (new MemoryLog())->log(...);
        $handler = new ResultHandler(new ResultParser(MessageSchema::compiled()), $this->store, $log);
        return (new PushEndpoint(new OneToken(), $handler, $log))->handle($method, $authorization, $body);
    }

    private static function envelope(string $data): string
    {
        return json_encode([
            'message' => ['data' => base64_encode($data), 'messageId' => '1', 'attributes' => ['status' => 'read']],
            'subscription' => 'projects/p/subscriptions/s',
            'deliveryAttempt' => 1,
        ], JSON_THROW_ON_ERROR);
    }

    /** A push from Pub/Sub is decoded and stored; again, it is accepted and stored no second time. */
    public function testStores(): void
    {
        self::assertSame(PushResponse::Done, $this->push(self::envelope(Sample::read())));
        self::assertSame(PushResponse::Done, $this->push(self::envelope(Sample::read())));
        self::assertSame(['sheets/sheets/1f.jpg#1760000000000001'], array_keys($this->store->results));
    }

    /**
     * Whoever has no good token changes nothing.
     *
     * @dataProvider authorizations
     */
    public function testRefusesStrangers(string $authorization): void
    {
        self::assertSame(PushResponse::Unauthorized, $this->push(self::envelope(Sample::read()), $authorization));
        self::assertSame([], $this->store->results);
    }

    /**
     * @return list<array{string}>
     */
    public static function authorizations(): array
    {
        return [[''], ['Bearer '], ['Bearer bad'], ['Basic good'], ['good'], ["Bearer good\n"], ['Bearer good good']];
    }

    /** Nothing but POST is answered. */
    public function testRefusesOtherMethods(): void
    {
        self::assertSame(PushResponse::MethodNotAllowed, $this->push('', 'Bearer good', 'GET'));
    }

    /**
     * A body that is no push is refused.
     *
     * @dataProvider bodies
     */
    public function testRefusesOtherBodies(string $body): void
    {
        self::assertSame(PushResponse::BadRequest, $this->push($body));
    }

    /**
     * @return list<array{string}>
     */
    public static function bodies(): array
    {
        return [
            [''],
            ['[]'],
            ['"x"'],
            ['{"message":"x"}'],
            ['{"message":{}}'],
            ['{"message":{"data":5}}'],
            ['{"message":{"data":"%%%"}}'],
        ];
    }

    /** A message that is no result is not accepted, so that it ends among the dead letters. */
    public function testPoisonIsNotAccepted(): void
    {
        self::assertSame(PushResponse::Unprocessable, $this->push(self::envelope('junk')));
    }

    /** Neither is one that cannot be stored or verified at the moment, so that it comes again. */
    public function testFailuresAreNotAccepted(): void
    {
        self::assertSame(PushResponse::Unavailable, $this->push(self::envelope(Sample::read()), 'Bearer unknown'));
        $this->store->failures = [new ResultsUnavailable('away')];
        self::assertSame(PushResponse::Unavailable, $this->push(self::envelope(Sample::read())));
        self::assertSame([], $this->store->results);
    }
}
