<?php

declare(strict_types=1);

namespace SheetId\Push;

use SheetId\Results\InvalidMessage;
use SheetId\Results\ResultHandler;
use SheetId\Results\ResultsUnavailable;

/**
 * Handles a push of Pub/Sub, given as the plain values that every framework has of a request.
 */
final class PushEndpoint
{
    private const MAX_DEPTH = 8;

    /**
     * @param \Closure(string, string, array<string, mixed>): void $log level, message and context, as PSR-3's log()
     */
    public function __construct(
        private readonly TokenVerifier $tokens,
        private readonly ResultHandler $handler,
        private readonly \Closure $log,
    ) {
    }

    /**
     * @param string $authorization the request's Authorization header, empty without one
     */
    public function handle(string $method, string $authorization, string $body): PushResponse
    {
        if ($method !== 'POST') {
            return PushResponse::MethodNotAllowed;
        }
        try {
            $this->tokens->verify(self::bearer($authorization));
            $this->handler->handle(self::data($body));
            return PushResponse::Done;
        } catch (TokenRefused $error) {
            return $this->refused(PushResponse::Unauthorized, $error);
        } catch (MalformedPush $error) {
            return $this->refused(PushResponse::BadRequest, $error);
        } catch (InvalidMessage $error) {
            return $this->refused(PushResponse::Unprocessable, $error);
        } catch (KeysUnavailable | ResultsUnavailable $failure) {
            return $this->refused(PushResponse::Unavailable, $failure);
        }
    }

    private function refused(PushResponse $response, \Exception $error): PushResponse
    {
        ($this->log)('error', 'push refused', ['status' => $response->value, 'error' => $error->getMessage()]);
        return $response;
    }

    private static function bearer(string $authorization): string
    {
        if (preg_match('/^Bearer ([\w.\-]+)$/Di', $authorization, $found) !== 1) {
            throw new TokenRefused('there is no bearer token');
        }
        return $found[1];
    }

    /**
     * The message's data. The client's consume() leaves it in base64, so the envelope is opened here.
     */
    private static function data(string $body): string
    {
        $envelope = json_decode($body, true, self::MAX_DEPTH);
        $encoded = is_array($envelope) ? $envelope['message']['data'] ?? null : null;
        $data = is_string($encoded) ? base64_decode($encoded, true) : false;
        return $data === false ? throw new MalformedPush('there is no message with data in it') : $data;
    }
}
