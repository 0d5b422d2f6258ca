<?php

declare(strict_types=1);

namespace SheetId\Results;

/**
 * Makes a result of a message's data, or says why it is none.
 */
final class ResultParser
{
    private const SCHEMA_VERSION = 1;
    private const MAX_DEPTH = 16;
    /** Bytes that Cloud Storage allows for names, and that the table has room for. */
    private const MAX_BYTES = ['bucket' => 222, 'image' => 1024, 'sheetNumber' => 64, 'candidate' => 64,
        'reason' => 64, 'eventId' => 255, 'processedAt' => 40];
    private const MAX_MODEL_BYTES = 255;

    public function __construct(private readonly MessageSchema $schema)
    {
    }

    /**
     * @param string $data the message's data, decoded from base64
     * @throws InvalidMessage
     */
    public function parse(string $data): SheetResult
    {
        $message = self::decode($data);
        $this->schema->check($message);
        $version = $message->schemaVersion ?? null;
        if ($version !== self::SCHEMA_VERSION) {
            throw new InvalidMessage('schemaVersion is ' . json_encode($version) . ', not ' . self::SCHEMA_VERSION);
        }
        self::checkLengths($message);
        $result = new SheetResult(
            self::required($message, 'bucket'),
            self::required($message, 'image'),
            self::generation(self::required($message, 'generation')),
            Status::from(self::required($message, 'status')),
            $message->sheetNumber ?? null,
            $message->candidate ?? null,
            $message->reason ?? null,
            self::confidence($message->confidence ?? null),
            self::model($message->model ?? null),
            $message->eventId ?? null,
            $message->processedAt ?? null,
        );
        self::checkSense($result);
        return $result;
    }

    private static function decode(string $data): \stdClass
    {
        try {
            $message = json_decode($data, false, self::MAX_DEPTH, JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING);
        } catch (\JsonException $error) {
            throw new InvalidMessage("not JSON: {$error->getMessage()}", 0, $error);
        }
        return $message instanceof \stdClass ? $message : throw new InvalidMessage('not a JSON object');
    }

    private static function required(\stdClass $message, string $field): string
    {
        $value = $message->$field ?? '';
        return $value === '' ? throw new InvalidMessage("$field is missing") : $value;
    }

    private static function checkLengths(\stdClass $message): void
    {
        foreach (self::MAX_BYTES as $field => $most) {
            if (strlen($message->$field ?? '') > $most) {
                throw new InvalidMessage("$field is longer than $most bytes");
            }
        }
    }

    private static function generation(string $generation): string
    {
        if (preg_match('/^[0-9]+$/D', $generation) !== 1 || (string) (int) $generation !== $generation) {
            throw new InvalidMessage('generation is not a whole number of 64 bits');
        }
        return $generation;
    }

    private static function confidence(int|float|null $confidence): ?float
    {
        if ($confidence !== null && ($confidence < 0 || $confidence > 1)) {
            throw new InvalidMessage('confidence is not from 0 to 1');
        }
        return $confidence === null ? null : (float) $confidence;
    }

    private static function model(?\stdClass $model): ?string
    {
        $name = implode(':', array_filter([$model->name ?? null, $model->version ?? null]));
        if (strlen($name) > self::MAX_MODEL_BYTES) {
            throw new InvalidMessage('model is longer than ' . self::MAX_MODEL_BYTES . ' bytes');
        }
        return $name === '' ? null : $name;
    }

    /**
     * A number is there exactly when the sheet was read, and a reason exactly when it was not: whatever says otherwise
     * must not get near the application's data.
     */
    private static function checkSense(SheetResult $result): void
    {
        $read = $result->status === Status::Read;
        if ($read !== ($result->sheetNumber !== null)) {
            throw new InvalidMessage('sheetNumber does not go with status ' . $result->status->value);
        }
        if ($read === ($result->reason !== null)) {
            throw new InvalidMessage('reason does not go with status ' . $result->status->value);
        }
        if ($result->candidate !== null && $result->status !== Status::Review) {
            throw new InvalidMessage('candidate does not go with status ' . $result->status->value);
        }
        foreach (['sheetNumber' => $result->sheetNumber, 'candidate' => $result->candidate] as $field => $number) {
            if ($number !== null && preg_match('/^[0-9]+$/D', $number) !== 1) {
                throw new InvalidMessage("$field has other characters than digits");
            }
        }
    }
}
