<?php

declare(strict_types=1);

namespace SheetId\Results;

use PDO;
use PDOException;

/**
 * Results in a database that PDO speaks to: SQLite, MySQL or MariaDB.
 */
final class PdoResultStore implements ResultStore
{
    private const INSERT = 'INSERT INTO sheet_results (bucket, image, generation, status, sheet_number, candidate,'
        . ' reason, confidence, model, event_id, processed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
    private const FIND = 'SELECT 1 FROM sheet_results WHERE bucket = ? AND image = ? AND generation = ?';
    /** SQLSTATE classes. */
    private const CONSTRAINT = '23';
    private const BAD_DATA = '22';

    private ?PDO $connection = null;

    /**
     * @param \Closure(): PDO $connect opens a connection; called again after a failure
     */
    public function __construct(private readonly \Closure $connect)
    {
    }

    /**
     * One statement outside a transaction is a transaction of its own: it has been committed when it returns.
     */
    public function store(SheetResult $result): bool
    {
        $key = [$result->bucket, $result->image, $result->generation];
        try {
            $this->connection ??= ($this->connect)();
            return $this->insert($this->connection, $key, $result);
        } catch (PDOException $failure) {
            $this->connection = null;
            if (self::isOfClass($failure, self::BAD_DATA)) {
                throw new InvalidMessage("the database refuses it: {$failure->getMessage()}", 0, $failure);
            }
            throw new ResultsUnavailable($failure->getMessage(), 0, $failure);
        }
    }

    /**
     * Insert and look at the error, which every database reports alike, instead of each one's own way to say
     * "unless it is there".
     *
     * @param list<string> $key
     */
    private function insert(PDO $connection, array $key, SheetResult $result): bool
    {
        try {
            return $connection->prepare(self::INSERT)->execute([
                ...$key,
                $result->status->value,
                $result->sheetNumber,
                $result->candidate,
                $result->reason,
                $result->confidence,
                $result->model,
                $result->eventId,
                $result->processedAt,
            ]);
        } catch (PDOException $failure) {
            if (self::isOfClass($failure, self::CONSTRAINT) && self::isStored($connection, $key)) {
                return false;
            }
            throw $failure;
        }
    }

    /**
     * @param list<string> $key
     */
    private static function isStored(PDO $connection, array $key): bool
    {
        $found = $connection->prepare(self::FIND);
        $found->execute($key);
        return $found->fetchColumn() !== false;
    }

    private static function isOfClass(PDOException $failure, string $class): bool
    {
        return str_starts_with((string) $failure->getCode(), $class);
    }
}
