<?php

declare(strict_types=1);

namespace SheetId;

/**
 * Writes one JSON object a line, as Cloud Logging and most collectors understand it.
 */
final class JsonLog
{
    /**
     * @param resource $stream
     */
    public function __construct(private $stream)
    {
    }

    /**
     * @param array<string, mixed> $context
     */
    public function log(string $level, string $message, array $context = []): void
    {
        $entry = [
            'severity' => strtoupper($level),
            'time' => (new \DateTimeImmutable('now', new \DateTimeZone('UTC')))->format('Y-m-d\TH:i:s.v\Z'),
            'message' => $message,
        ] + array_filter($context, static fn (mixed $value): bool => $value !== null);
        $line = json_encode($entry, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE);
        fwrite($this->stream, "$line\n");
    }
}
