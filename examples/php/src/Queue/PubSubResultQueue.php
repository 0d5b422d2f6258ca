<?php

declare(strict_types=1);

namespace SheetId\Queue;

use Google\ApiCore\InsecureCredentialsWrapper;
use Google\Cloud\Core\Exception\BadRequestException;
use Google\Cloud\Core\Exception\DeadlineExceededException;
use Google\Cloud\Core\Exception\FailedPreconditionException;
use Google\Cloud\Core\Exception\GoogleException;
use Google\Cloud\Core\Exception\NotFoundException;
use Google\Cloud\Core\Exception\ServiceException;
use Google\Cloud\PubSub\Message;
use Google\Cloud\PubSub\PubSubClient;
use Google\Cloud\PubSub\Subscription;
use Google\Rpc\Code;
use GuzzleHttp\Exception\ConnectException;
use GuzzleHttp\Exception\TransferException;

/**
 * A Pub/Sub subscription, through Google's client, over gRPC where its extension is there and REST otherwise.
 */
final class PubSubResultQueue implements ResultQueue
{
    private const RPC_TIMEOUT_MS = 15_000;
    /** The client has no exceptions of their own for these. */
    private const REFUSALS = [Code::PERMISSION_DENIED, Code::UNAUTHENTICATED];

    public function __construct(
        private readonly Subscription $subscription,
        private readonly QueueSettings $settings,
        private readonly StopSignal $stop,
    ) {
    }

    /**
     * The client finds the emulator itself, but asks for credentials all the same unless it is told to do without.
     */
    public static function connect(QueueSettings $settings, StopSignal $stop): self
    {
        $credentials = $settings->emulated ? ['credentials' => new InsecureCredentialsWrapper()] : [];
        $client = new PubSubClient(['projectId' => $settings->project] + $credentials);
        return new self($client->subscription($settings->subscription), $settings, $stop);
    }

    public function pull(): array
    {
        try {
            $messages = $this->subscription->pull(
                ['maxMessages' => $this->settings->batch, 'transportOptions' => $this->givesUpOnStop()]
                    + self::limits($this->settings->pullSeconds * 1000),
            );
        } catch (DeadlineExceededException | PullGivenUp) {
            return []; // the first is how gRPC, and a proxy in between, say that nothing came in time
        } catch (ConnectException $failure) {
            if (($failure->getHandlerContext()['errno'] ?? null) === CURLE_OPERATION_TIMEDOUT) {
                return []; // how REST says it
            }
            throw self::translated($failure);
        } catch (GoogleException | TransferException $failure) {
            throw self::translated($failure);
        }
        return array_map(self::received(...), $messages);
    }

    public function acknowledge(array $messages): void
    {
        $this->call(fn (array $batch) => $this->subscription->acknowledgeBatch(
            $batch,
            self::limits(self::RPC_TIMEOUT_MS),
        ), $messages);
    }

    public function release(array $messages): void
    {
        $this->extend($messages, 0);
    }

    public function extend(array $messages, int $seconds): void
    {
        $this->call(fn (array $batch) => $this->subscription->modifyAckDeadlineBatch(
            $batch,
            $seconds,
            self::limits(self::RPC_TIMEOUT_MS),
        ), $messages);
    }

    /**
     * @param \Closure(list<Message>): mixed $call
     * @param non-empty-list<QueuedMessage> $messages
     */
    private function call(\Closure $call, array $messages): void
    {
        try {
            $call(array_map(
                static fn (QueuedMessage $message): Message => new Message([], ['ackId' => $message->receipt]),
                $messages,
            ));
        } catch (GoogleException | TransferException $failure) {
            throw new QueueUnavailable($failure->getMessage(), 0, $failure);
        }
    }

    private static function received(Message $message): QueuedMessage
    {
        $attempt = $message->deliveryAttempt();
        return new QueuedMessage(
            (string) $message->id(),
            (string) $message->ackId(),
            (string) $message->data(),
            $attempt === null || $attempt === 0 ? null : $attempt,
        );
    }

    /**
     * A long pull must not make a stop long. REST asks now and then whether to go on; gRPC keeps to its time-out.
     *
     * @return array<string, mixed>
     */
    private function givesUpOnStop(): array
    {
        $givenUp = false;
        $progress = function () use (&$givenUp): void {
            if ($this->stop->isRequested() && !$givenUp) {
                $givenUp = true; // curl asks once more while it cleans up, where nobody would catch this
                throw new PullGivenUp('asked to stop');
            }
        };
        return ['restOptions' => ['progress' => $progress]];
    }

    /**
     * Without retries of its own the client keeps to the time-out; with them it goes on for ten minutes.
     *
     * @return array<string, mixed>
     */
    private static function limits(int $milliseconds): array
    {
        return ['timeoutMillis' => $milliseconds, 'retrySettings' => ['retriesEnabled' => false]];
    }

    private static function translated(\Exception $failure): \Exception
    {
        $permanent = $failure instanceof NotFoundException
            || $failure instanceof BadRequestException
            || $failure instanceof FailedPreconditionException
            || $failure instanceof ServiceException && in_array($failure->getCode(), self::REFUSALS, true);
        return $permanent
            ? new QueueMisconfigured($failure->getMessage(), 0, $failure)
            : new QueueUnavailable($failure->getMessage(), 0, $failure);
    }
}
