<?php

declare(strict_types=1);

namespace SheetId\Tests\Unit\Results;

use PDO;
use PHPUnit\Framework\TestCase;
use SheetId\Environment;
use SheetId\Results\Database;
use SheetId\Results\InvalidMessage;
use SheetId\Results\PdoResultStore;
use SheetId\Results\ResultsUnavailable;
use SheetId\Results\SheetResult;
use SheetId\Results\Status;

/**
 * With SHEETS_TEST_MYSQL_DSN (and _USER, _PASSWORD), the same on a MySQL or MariaDB whose table may be dropped.
 */
final class PdoResultStoreTest extends TestCase
{
    /**
     * @return array<string, array{string}>
     */
    public static function databases(): array
    {
        return ['SQLite' => ['sqlite'], 'MySQL or MariaDB' => ['mysql']];
    }

    private function database(string $driver): PDO
    {
        if ($driver === 'sqlite') {
            return Database::from(new Environment(['DATABASE_DSN' => 'sqlite::memory:']))->connect();
        }
        $dsn = getenv('SHEETS_TEST_MYSQL_DSN');
        if ($dsn === false) {
            $this->markTestSkipped('SHEETS_TEST_MYSQL_DSN is not set');
        }
        $user = (string) getenv('SHEETS_TEST_MYSQL_USER');
        $variables = ['DATABASE_DSN' => $dsn, 'DATABASE_USER' => $user];
        $database = Database::from(new Environment($variables));
        $database->connect()->exec('DROP TABLE sheet_results');
        return $database->connect();
    }

    private static function result(string $image = 'a.jpg', string $generation = '9223372036854775807'): SheetResult
    {
        $read = Status::Read;
        return new SheetResult('sheets', $image, $generation, $read, '0042', null, null, 0.75, 'digits:1', '7', 'z');
    }

    /**
     * Every field gets into its column, leading zeros and all.
     *
     * @dataProvider databases
     */
    public function testStoresEveryField(string $driver): void
    {
        $database = $this->database($driver);
        $store = new PdoResultStore(static fn (): PDO => $database);
        self::assertTrue($store->store(self::result()));
        $row = $database->query('SELECT * FROM sheet_results')->fetch(PDO::FETCH_ASSOC);
        self::assertNotEmpty($row['stored_at']);
        unset($row['stored_at']);
        self::assertEquals([
            'bucket' => 'sheets',
            'image' => 'a.jpg',
            'generation' => PHP_INT_MAX,
            'status' => 'read',
            'sheet_number' => '0042',
            'candidate' => null,
            'reason' => null,
            'confidence' => 0.75,
            'model' => 'digits:1',
            'event_id' => '7',
            'processed_at' => 'z',
        ], $row);
        self::assertSame('0042', $row['sheet_number']);
    }

    /**
     * The first result of an object stays, so that nothing that a person has decided is undone by a second delivery.
     *
     * @dataProvider databases
     */
    public function testFirstResultStays(string $driver): void
    {
        $database = $this->database($driver);
        $store = new PdoResultStore(static fn (): PDO => $database);
        $store->store(self::result());
        $database->exec("UPDATE sheet_results SET sheet_number = '43'");
        self::assertFalse($store->store(self::result()));
        $numbers = $database->query('SELECT sheet_number FROM sheet_results')->fetchAll(PDO::FETCH_COLUMN);
        self::assertSame(['43'], $numbers);
    }

    /**
     * Bucket, name and generation make the difference, a letter's case included.
     *
     * @dataProvider databases
     */
    public function testTellsObjectsApart(string $driver): void
    {
        $database = $this->database($driver);
        $store = new PdoResultStore(static fn (): PDO => $database);
        $names = ['a.jpg', 'A.jpg', 'ä.jpg', 'a.jpg ', str_repeat('語', 341)];
        foreach ($names as $name) {
            self::assertTrue($store->store(self::result($name)), $name);
        }
        self::assertTrue($store->store(self::result('a.jpg', '8')));
        self::assertCount(6, $database->query('SELECT * FROM sheet_results')->fetchAll());
    }

    /** A connection that fails is dropped, and the next attempt opens another. */
    public function testReconnects(): void
    {
        $good = $this->database('sqlite');
        $connections = [new PDO('sqlite::memory:'), $good];
        $store = new PdoResultStore(static function () use (&$connections): PDO {
            return array_shift($connections) ?? throw new \PDOException('no more');
        });
        try {
            $store->store(self::result());
            self::fail('the first has no table');
        } catch (ResultsUnavailable $failure) {
            self::assertStringContainsString('sheet_results', $failure->getMessage());
        }
        self::assertTrue($store->store(self::result()));
    }

    /** A database that cannot be opened may be there later. */
    public function testCannotConnect(): void
    {
        $store = new PdoResultStore(static fn (): PDO => new PDO('sqlite:/nowhere/at/all.sqlite'));
        $this->expectException(ResultsUnavailable::class);
        $store->store(self::result());
    }

    /** A violated constraint that is not our key is no duplicate. */
    public function testAnotherConstraintIsNoDuplicate(): void
    {
        $database = $this->database('sqlite');
        $database->exec('CREATE UNIQUE INDEX other ON sheet_results (sheet_number)');
        $store = new PdoResultStore(static fn (): PDO => $database);
        $store->store(self::result());
        $this->expectException(ResultsUnavailable::class);
        $store->store(self::result('b.jpg'));
    }

    /** Data that the database will never take is refused for good. */
    public function testBadDataIsRefused(): void
    {
        $statement = $this->createMock(\PDOStatement::class);
        $error = new class ('too long') extends \PDOException {
            public function __construct(string $message)
            {
                parent::__construct($message);
                $this->code = '22001';
            }
        };
        $statement->method('execute')->willThrowException($error);
        $database = $this->createMock(PDO::class);
        $database->method('prepare')->willReturn($statement);
        $this->expectException(InvalidMessage::class);
        (new PdoResultStore(static fn (): PDO => $database))->store(self::result());
    }

    /** A database file's folder is made, for its owner alone. */
    public function testMakesTheFolder(): void
    {
        $folder = sys_get_temp_dir() . '/sheetid-' . bin2hex(random_bytes(8));
        $database = Database::from(new Environment(['SHEETS_STATE' => $folder]))->connect();
        self::assertSame('sqlite', $database->getAttribute(PDO::ATTR_DRIVER_NAME));
        self::assertSame(0o700, fileperms($folder) & 0o777);
        unset($database);
        unlink("$folder/sheets.sqlite");
        rmdir($folder);
    }
}
