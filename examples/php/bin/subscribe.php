#!/usr/bin/env php
<?php

/**
 * Stores results as they come in, until SIGTERM or SIGINT. Run it under whatever restarts what has ended.
 */

declare(strict_types=1);

use SheetId\Environment;
use SheetId\JsonLog;
use SheetId\Queue\PubSubResultQueue;
use SheetId\Queue\QueueSettings;
use SheetId\Queue\StopSignal;
use SheetId\Queue\Worker;
use SheetId\Results\Database;
use SheetId\Results\MessageSchema;
use SheetId\Results\PdoResultStore;
use SheetId\Results\ResultHandler;
use SheetId\Results\ResultParser;

require __DIR__ . '/../src/autoload.php';

$log = (new JsonLog(STDERR))->log(...);
$stop = StopSignal::ofProcess();
try {
    $environment = Environment::ofProcess();
    $settings = QueueSettings::from($environment);
    $store = new PdoResultStore(Database::from($environment)->connect(...));
    $handler = new ResultHandler(new ResultParser(MessageSchema::compiled()), $store, $log);
    $sleep = static fn (float $seconds) => usleep((int) ($seconds * 1e6));
    $worker = new Worker(PubSubResultQueue::connect($settings, $stop), $handler, $stop, $log, $sleep);
    $log('info', 'ready', ['subscription' => $settings->subscription]);
    $worker->run();
} catch (\Exception $error) {
    $log('critical', $error->getMessage());
    exit(1);
}
$log('info', 'stopped');
