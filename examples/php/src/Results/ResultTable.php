<?php

declare(strict_types=1);

namespace SheetId\Results;

/**
 * The table of results, as SQLite and as MySQL or MariaDB want it.
 */
final class ResultTable
{
    /**
     * @throws \DomainException for a database that is neither
     */
    public static function create(\PDO $connection): void
    {
        $driver = $connection->getAttribute(\PDO::ATTR_DRIVER_NAME);
        $connection->exec(match ($driver) {
            'sqlite' => self::SQLITE,
            'mysql' => self::MYSQL,
            default => throw new \DomainException("no table is defined for $driver, only for sqlite and mysql"),
        });
    }

    private const SQLITE = <<<'SQL'
        CREATE TABLE IF NOT EXISTS sheet_results (
            bucket TEXT NOT NULL,
            image TEXT NOT NULL,
            generation INTEGER NOT NULL,
            status TEXT NOT NULL,
            sheet_number TEXT,
            candidate TEXT,
            reason TEXT,
            confidence REAL,
            model TEXT,
            event_id TEXT,
            processed_at TEXT,
            stored_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
            PRIMARY KEY (bucket, image, generation)
        )
        SQL;

    /**
     * Cloud Storage allows 1024 bytes of UTF-8 for a name and tells upper from lower case: as VARBINARY, a name is
     * compared as it should be, and the key stays within InnoDB's 3072 bytes.
     */
    private const MYSQL = <<<'SQL'
        CREATE TABLE IF NOT EXISTS sheet_results (
            bucket VARCHAR(222) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
            image VARBINARY(1024) NOT NULL,
            generation BIGINT NOT NULL,
            status VARCHAR(16) NOT NULL,
            sheet_number VARCHAR(64),
            candidate VARCHAR(64),
            reason VARCHAR(64),
            confidence DOUBLE,
            model VARCHAR(255),
            event_id VARCHAR(255),
            processed_at VARCHAR(40),
            stored_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
            PRIMARY KEY (bucket, image, generation),
            KEY sheet_results_status (status)
        ) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4
        SQL;
}
