<?php

declare(strict_types=1);

namespace SheetId;

/**
 * Reads settings from environment variables and collects every mistake, so that one failed start names them all.
 */
final class Environment
{
    /** @var list<string> */
    private array $mistakes = [];

    /**
     * @param array<string, string> $variables
     */
    public function __construct(private readonly array $variables)
    {
    }

    /**
     * The process's environment. PHP's web servers pass variables in $_SERVER alone, its command line in both.
     */
    public static function ofProcess(): self
    {
        $inherited = array_filter($_SERVER, 'is_string');
        return new self(getenv() + $inherited);
    }

    public function required(string $name): string
    {
        $value = $this->optional($name);
        if ($value === null) {
            $this->mistakes[] = "$name is not set";
        }
        return $value ?? '';
    }

    /**
     * A variable that is empty counts as not set.
     */
    public function optional(string $name): ?string
    {
        $value = $this->variables[$name] ?? '';
        return $value === '' ? null : $value;
    }

    public function integer(string $name, int $default, int $least, int $most): int
    {
        $value = $this->optional($name) ?? (string) $default;
        $number = filter_var($value, FILTER_VALIDATE_INT, ['options' => ['min_range' => $least, 'max_range' => $most]]);
        if ($number === false) {
            $this->mistakes[] = "$name is \"$value\", which is not a whole number from $least to $most";
            return $default;
        }
        return $number;
    }

    /**
     * Where files are kept that are needed again; no web server may serve them.
     */
    public function stateDirectory(): string
    {
        return $this->optional('SHEETS_STATE') ?? dirname(__DIR__) . '/var';
    }

    /**
     * @throws InvalidSettings that names every mistake found so far
     */
    public function check(): void
    {
        if ($this->mistakes !== []) {
            throw new InvalidSettings(implode('; ', $this->mistakes));
        }
    }
}
