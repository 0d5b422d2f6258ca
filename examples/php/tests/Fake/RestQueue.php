<?php

declare(strict_types=1);

namespace SheetId\Tests\Fake;

use SheetId\Queue\QueuedMessage;
use SheetId\Queue\QueueUnavailable;
use SheetId\Queue\ResultQueue;

/**
 * A subscription over plain REST, for tests of the worker as a process where Google's client is not installed.
 */
final class RestQueue implements ResultQueue
{
    private const BATCH = 7;
    private const TIMEOUT_SECONDS = 5;

    public function __construct(private readonly string $subscriptionUrl)
    {
    }

    public function pull(): array
    {
        $answer = $this->call('pull', ['maxMessages' => self::BATCH]);
        return array_map(static fn (array $received): QueuedMessage => new QueuedMessage(
            $received['message']['messageId'],
            $received['ackId'],
            (string) base64_decode($received['message']['data'], true),
        ), $answer['receivedMessages'] ?? []);
    }

    public function acknowledge(array $messages): void
    {
        $this->call('acknowledge', ['ackIds' => array_column($messages, 'receipt')]);
    }

    public function release(array $messages): void
    {
        $this->extend($messages, 0);
    }

    public function extend(array $messages, int $seconds): void
    {
        $receipts = array_column($messages, 'receipt');
        $this->call('modifyAckDeadline', ['ackIds' => $receipts, 'ackDeadlineSeconds' => $seconds]);
    }

    /**
     * @param array<string, mixed> $body
     * @return array<string, mixed>
     */
    private function call(string $method, array $body): array
    {
        $request = curl_init("$this->subscriptionUrl:$method");
        curl_setopt_array($request, [
            CURLOPT_POSTFIELDS => json_encode($body, JSON_THROW_ON_ERROR),
            CURLOPT_HTTPHEADER => ['Content-Type: application/json'],
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => self::TIMEOUT_SECONDS,
        ]);
        $answer = curl_exec($request);
        if ($answer === false || curl_getinfo($request, CURLINFO_RESPONSE_CODE) !== 200) {
            throw new QueueUnavailable("$method: " . curl_error($request));
        }
        return json_decode($answer, true, 16, JSON_THROW_ON_ERROR);
    }
}
