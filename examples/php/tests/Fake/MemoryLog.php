<?php

declare(strict_types=1);

namespace SheetId\Tests\Fake;

/**
 * A log in memory.
 */
final class MemoryLog
{
    /** @var list<array{level: string, message: string, context: array<string, mixed>}> */
    public array $entries = [];

    /**
     * @param array<string, mixed> $context
     */
    public function log(string $level, string $message, array $context = []): void
    {
        $this->entries[] = ['level' => $level, 'message' => $message, 'context' => $context];
    }

    /**
     * @return list<string>
     */
    public function messages(string $level): array
    {
        $entries = array_filter($this->entries, static fn (array $entry): bool => $entry['level'] === $level);
        return array_column($entries, 'message');
    }
}
