<?php

declare(strict_types=1);

namespace SheetId\Results;

/**
 * Checks that a decoded message has the form that the topic's schema gives it.
 *
 * Fields that the schema does not know are let through, so that a new field breaks no old consumer; so are enum values
 * of the enums named as open.
 */
final class MessageSchema
{
    /** A reason that was added later is still a reason. */
    private const OPEN_ENUMS = ['Reason'];

    /**
     * @param array{fields: array<string, array{type: string, repeated: bool}>, messages: array<string, mixed>,
     *     enums: array<string, list<string>>} $schema
     */
    public function __construct(private readonly array $schema)
    {
    }

    public static function compiled(): self
    {
        return new self(require __DIR__ . '/schema.php');
    }

    /**
     * @throws InvalidMessage that names the first field that is wrong
     */
    public function check(\stdClass $message): void
    {
        $this->checkFields($message, $this->schema['fields'], '');
    }

    /**
     * @param array<string, array{type: string, repeated: bool}> $fields
     */
    private function checkFields(mixed $message, array $fields, string $path): void
    {
        if (!$message instanceof \stdClass) {
            throw new InvalidMessage(rtrim($path, '.') . ' is not an object');
        }
        foreach ($fields as $name => ['type' => $type, 'repeated' => $repeated]) {
            $value = $message->$name ?? null; // in proto3's JSON, null means that the field is not set
            if ($value === null) {
                continue;
            }
            if (!$repeated) {
                $this->checkValue($value, $type, $path . $name);
                continue;
            }
            if (!is_array($value)) {
                throw new InvalidMessage("$path$name is not a list");
            }
            foreach ($value as $index => $item) {
                $this->checkValue($item, $type, "$path{$name}[$index]");
            }
        }
    }

    private function checkValue(mixed $value, string $type, string $path): void
    {
        if (isset($this->schema['messages'][$type])) {
            $this->checkFields($value, $this->schema['messages'][$type], "$path.");
            return;
        }
        $fits = match ($type) {
            'string' => is_string($value),
            'int32' => is_int($value) && $value >= -2 ** 31 && $value < 2 ** 31,
            'double' => is_float($value) || is_int($value),
            'bool' => is_bool($value),
            default => $this->isEnumValue($value, $type),
        };
        if (!$fits) {
            throw new InvalidMessage("$path is not of type $type");
        }
    }

    private function isEnumValue(mixed $value, string $type): bool
    {
        $values = $this->schema['enums'][$type] ?? throw new \LogicException("the schema's $type is not known here");
        $isOpen = in_array($type, self::OPEN_ENUMS, true) && is_string($value) && $value !== '';
        return $isOpen || in_array($value, $values, true);
    }
}
