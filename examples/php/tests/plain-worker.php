<?php

/**
 * bin/subscribe.php without Google's client: the same worker on a queue over plain REST, whose URL is the argument.
 */

declare(strict_types=1);

require __DIR__ . '/bootstrap.php';

use SheetId\Environment;
use SheetId\JsonLog;
use SheetId\Queue\StopSignal;
use SheetId\Queue\Worker;
use SheetId\Results\Database;
use SheetId\Results\MessageSchema;
use SheetId\Results\PdoResultStore;
use SheetId\Results\ResultHandler;
use SheetId\Results\ResultParser;
use SheetId\Tests\Fake\RestQueue;

$log = (new JsonLog(STDERR))->log(...);
$stop = StopSignal::ofProcess();
$store = new PdoResultStore(Database::from(Environment::ofProcess())->connect(...));
$handler = new ResultHandler(new ResultParser(MessageSchema::compiled()), $store, $log);
$sleep = static fn (float $seconds) => usleep((int) ($seconds * 1e6));
(new Worker(new RestQueue($argv[1]), $handler, $stop, $log, $sleep))->run();
