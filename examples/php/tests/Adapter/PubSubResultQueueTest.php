<?php

declare(strict_types=1);

namespace SheetId\Tests\Adapter;

use Google\ApiCore\InsecureCredentialsWrapper;
use Google\Cloud\PubSub\PubSubClient;
use GuzzleHttp\Exception\ConnectException;
use GuzzleHttp\Psr7\Request;
use PHPUnit\Framework\TestCase;
use SheetId\Queue\PubSubResultQueue;
use SheetId\Queue\QueuedMessage;
use SheetId\Queue\QueueMisconfigured;
use SheetId\Queue\QueueSettings;
use SheetId\Queue\QueueUnavailable;
use SheetId\Queue\StopSignal;
use SheetId\Tests\Fake\Network;
use SheetId\Tests\NeedsLibraries;

final class PubSubResultQueueTest extends TestCase
{
    use NeedsLibraries;

    private static function queue(Network $network): PubSubResultQueue
    {
        $client = new PubSubClient([
            'projectId' => 'p',
            'credentials' => new InsecureCredentialsWrapper(),
            'transport' => 'rest',
            'transportConfig' => ['rest' => ['httpHandler' => $network->later(...)]],
        ]);
        return new PubSubResultQueue($client->subscription('s'), new QueueSettings('p', 's', 5, 7), new StopSignal());
    }

    /** Data arrives decoded, with what the message is acknowledged by. */
    public function testPulls(): void
    {
        $network = new Network([Network::json(['receivedMessages' => [
            ['ackId' => 'r1', 'deliveryAttempt' => 3, 'message' => ['messageId' => '1', 'data' => base64_encode('ä')]],
            ['ackId' => 'r2', 'message' => ['messageId' => '2', 'attributes' => ['only' => 'attributes']]],
        ]])]);
        self::assertEquals(
            [new QueuedMessage('1', 'r1', 'ä', 3), new QueuedMessage('2', 'r2', '')],
            self::queue($network)->pull(),
        );
        self::assertStringEndsWith('/subscriptions/s:pull', $network->requests[0]->getUri()->getPath());
        self::assertSame(7, json_decode((string) $network->requests[0]->getBody())->maxMessages);
    }

    /**
     * That nothing came in time is no failure, however it is said.
     *
     * @dataProvider timeouts
     */
    public function testATimeoutIsAnEmptyPull(callable $answer): void
    {
        self::assertSame([], self::queue(new Network([$answer()]))->pull());
    }

    /**
     * @return array<string, array{callable}>
     */
    public static function timeouts(): array
    {
        return [
            'an empty answer' => [static fn () => Network::json([])],
            'curl' => [static fn () => self::connectFailure(CURLE_OPERATION_TIMEDOUT)],
            'the service' => [static fn () => Network::error(504, 'DEADLINE_EXCEEDED')],
        ];
    }

    /**
     * What may pass is told apart from what somebody has to change; either way it is tried once.
     *
     * @dataProvider failures
     * @param class-string<\Throwable> $expected
     */
    public function testFailures(callable $answer, string $expected): void
    {
        $network = new Network([$answer(), Network::json([])]);
        try {
            self::queue($network)->pull();
            self::fail('the failure was swallowed');
        } catch (QueueUnavailable | QueueMisconfigured $failure) {
            self::assertInstanceOf($expected, $failure);
            self::assertSame(1, $network->unanswered());
        }
    }

    /**
     * @return array<string, array{callable, class-string<\Throwable>}>
     */
    public static function failures(): array
    {
        return [
            'refused' => [static fn () => self::connectFailure(CURLE_COULDNT_CONNECT), QueueUnavailable::class],
            'unavailable' => [static fn () => Network::error(503, 'UNAVAILABLE'), QueueUnavailable::class],
            'internal' => [static fn () => Network::error(500, 'INTERNAL'), QueueUnavailable::class],
            'throttled' => [static fn () => Network::error(429, 'RESOURCE_EXHAUSTED'), QueueUnavailable::class],
            'not there' => [static fn () => Network::error(404, 'NOT_FOUND'), QueueMisconfigured::class],
            'not ours' => [static fn () => Network::error(403, 'PERMISSION_DENIED'), QueueMisconfigured::class],
            'no credentials' => [static fn () => Network::error(401, 'UNAUTHENTICATED'), QueueMisconfigured::class],
            'nonsense' => [static fn () => Network::error(400, 'INVALID_ARGUMENT'), QueueMisconfigured::class],
        ];
    }

    /** Messages are acknowledged, extended and given back by their receipts. */
    public function testTells(): void
    {
        $network = new Network(array_fill(0, 3, Network::json([])));
        $queue = self::queue($network);
        $messages = [new QueuedMessage('1', 'r1', ''), new QueuedMessage('2', 'r2', '')];
        $queue->acknowledge($messages);
        $queue->extend($messages, 120);
        $queue->release($messages);
        $said = [];
        foreach ($network->requests as $request) {
            $body = json_decode((string) $request->getBody(), true);
            $verb = explode(':', $request->getUri()->getPath())[1];
            $said[] = [$verb, $body['ackIds'], $body['ackDeadlineSeconds'] ?? 0];
        }
        self::assertSame([
            ['acknowledge', ['r1', 'r2'], 0],
            ['modifyAckDeadline', ['r1', 'r2'], 120],
            ['modifyAckDeadline', ['r1', 'r2'], 0],
        ], $said);
    }

    /** An acknowledgement that fails says so. */
    public function testAFailedAcknowledgementIsNoSecret(): void
    {
        $this->expectException(QueueUnavailable::class);
        $network = new Network([Network::error(503, 'UNAVAILABLE')]);
        self::queue($network)->acknowledge([new QueuedMessage('1', 'r1', '')]);
    }

    private static function connectFailure(int $number): ConnectException
    {
        return new ConnectException('curl', new Request('POST', '/'), null, ['errno' => $number]);
    }
}
