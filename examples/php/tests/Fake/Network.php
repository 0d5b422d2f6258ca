<?php

declare(strict_types=1);

namespace SheetId\Tests\Fake;

use GuzzleHttp\Handler\MockHandler;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\Client;
use GuzzleHttp\Promise\PromiseInterface;
use GuzzleHttp\Psr7\Response;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;

/**
 * Stands between Google's clients and the world: answers from a list, and keeps what was asked.
 */
final class Network
{
    /** @var list<RequestInterface> */
    public array $requests = [];
    private readonly Client $client;
    private readonly MockHandler $answers;

    /**
     * @param list<ResponseInterface|\Exception> $answers
     */
    public function __construct(array $answers)
    {
        $this->answers = new MockHandler($answers);
        $this->client = new Client(['handler' => HandlerStack::create($this->answers)]);
    }

    /**
     * @param array<string, mixed> $body
     */
    public static function json(array $body, int $status = 200): Response
    {
        return new Response($status, ['Content-Type' => 'application/json'], (string) json_encode((object) $body));
    }

    public static function error(int $status, string $name): Response
    {
        return self::json(['error' => ['code' => $status, 'status' => $name, 'message' => $name]], $status);
    }

    public function client(): Client
    {
        return $this->client;
    }

    /**
     * As google/auth and google/cloud-storage call it.
     *
     * @param array<string, mixed> $options
     */
    public function __invoke(RequestInterface $request, array $options = []): ResponseInterface
    {
        $this->requests[] = $request;
        return $this->client->send($request, $options);
    }

    /**
     * As google/gax calls it.
     *
     * @param array<string, mixed> $options
     */
    public function later(RequestInterface $request, array $options = []): PromiseInterface
    {
        $this->requests[] = $request;
        return $this->client->sendAsync($request, $options);
    }

    public function unanswered(): int
    {
        return $this->answers->count();
    }
}
