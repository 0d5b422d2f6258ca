<?php

declare(strict_types=1);

namespace SheetId\Tools;

/**
 * Reads a Pub/Sub result schema: proto3 with one top-level message, whose enums and messages are nested in it.
 */
final class ProtoSchema
{
    private const DECLARATION = '/(?<kind>message|enum)\s+(?<name>\w+)\s*\{(?<body>[^{}]*)\}/';
    private const FIELD = '/(?<repeated>repeated\s+)?(?<type>\w+)\s+(?<name>\w+)\s*=\s*\d+\s*;/';
    private const VALUE = '/(?<name>\w+)\s*=\s*(?<number>\d+)\s*;/';

    /**
     * @return array{
     *     fields: array<string, array{type: string, repeated: bool}>,
     *     messages: array<string, array<string, array{type: string, repeated: bool}>>,
     *     enums: array<string, list<string>>
     * } without the enums' zero values, which mean that nothing was set
     */
    public static function parse(string $proto): array
    {
        $declarations = preg_replace('~//[^\n]*|/\*.*?\*/~s', '', $proto);
        $messages = $enums = [];
        // The innermost declarations have no braces in them, so the top-level message is the last one left.
        while (preg_match(self::DECLARATION, $declarations, $found, PREG_UNMATCHED_AS_NULL)) {
            if ($found['kind'] === 'enum') {
                $enums[$found['name']] = self::values($found['body']);
            } else {
                $top = $found['name'];
                $messages[$top] = self::fields($found['body']);
            }
            $declarations = str_replace($found[0], '', $declarations);
        }
        if (!isset($top)) {
            throw new \UnexpectedValueException('the schema has no message');
        }
        $fields = $messages[$top];
        unset($messages[$top]);
        return ['fields' => $fields, 'messages' => $messages, 'enums' => $enums];
    }

    /**
     * @return array<string, array{type: string, repeated: bool}>
     */
    private static function fields(string $body): array
    {
        preg_match_all(self::FIELD, $body, $found, PREG_SET_ORDER | PREG_UNMATCHED_AS_NULL);
        $fields = [];
        foreach ($found as $field) {
            $fields[$field['name']] = ['type' => $field['type'], 'repeated' => $field['repeated'] !== null];
        }
        return $fields;
    }

    /**
     * @return list<string>
     */
    private static function values(string $body): array
    {
        preg_match_all(self::VALUE, $body, $found, PREG_SET_ORDER);
        $set = array_filter($found, static fn (array $value): bool => $value['number'] !== '0');
        return array_column($set, 'name');
    }
}
