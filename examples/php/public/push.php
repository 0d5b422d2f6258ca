<?php

/**
 * The endpoint of a push subscription: stores the result that the request carries.
 */

declare(strict_types=1);

use SheetId\Environment;
use SheetId\JsonLog;
use SheetId\Push\OidcTokenVerifier;
use SheetId\Push\PushEndpoint;
use SheetId\Push\PushSettings;
use SheetId\Results\Database;
use SheetId\Results\MessageSchema;
use SheetId\Results\PdoResultStore;
use SheetId\Results\ResultHandler;
use SheetId\Results\ResultParser;

require __DIR__ . '/../src/autoload.php';

$log = (new JsonLog(fopen('php://stderr', 'wb')))->log(...);
$environment = Environment::ofProcess();
$tokens = OidcTokenVerifier::create(PushSettings::from($environment), $environment->stateDirectory());
$store = new PdoResultStore(Database::from($environment)->connect(...));
$endpoint = new PushEndpoint(
    $tokens,
    new ResultHandler(new ResultParser(MessageSchema::compiled()), $store, $log),
    $log,
);
$response = $endpoint->handle(
    $_SERVER['REQUEST_METHOD'],
    $_SERVER['HTTP_AUTHORIZATION'] ?? '',
    (string) file_get_contents('php://input'),
);
http_response_code($response->value);
