<?php

declare(strict_types=1);

namespace SheetId\Results;

use PDO;
use SheetId\Environment;

/**
 * Opens the database that the environment names.
 */
final class Database
{
    private const CONNECT_TIMEOUT_SECONDS = 10;

    private function __construct(
        private readonly string $dsn,
        private readonly ?string $user,
        private readonly ?string $password,
    ) {
    }

    /**
     * Without DATABASE_DSN, it is an SQLite file among the state.
     */
    public static function from(Environment $environment): self
    {
        return new self(
            $environment->optional('DATABASE_DSN') ?? "sqlite:{$environment->stateDirectory()}/sheets.sqlite",
            $environment->optional('DATABASE_USER'),
            $environment->optional('DATABASE_PASSWORD'),
        );
    }

    /**
     * Open a connection, and make the table if it is not there.
     *
     * @throws \PDOException
     */
    public function connect(): PDO
    {
        $path = preg_replace('/^sqlite:/', '', $this->dsn);
        if ($path !== $this->dsn && str_contains($path, '/') && !is_dir(dirname($path))) {
            mkdir(dirname($path), 0o700, true);
        }
        $connection = new PDO($this->dsn, $this->user, $this->password, [
            PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
            PDO::ATTR_EMULATE_PREPARES => false,
            PDO::ATTR_TIMEOUT => self::CONNECT_TIMEOUT_SECONDS,
        ]);
        ResultTable::create($connection);
        return $connection;
    }
}
