<?php

/**
 * Finds composer's autoloader, whether this is the root package or one that an application requires.
 */

declare(strict_types=1);

foreach ([dirname(__DIR__) . '/vendor/autoload.php', dirname(__DIR__, 3) . '/autoload.php'] as $file) {
    if (is_file($file)) {
        return require_once $file;
    }
}
error_log('The libraries are missing; run "composer install" in ' . dirname(__DIR__) . '.');
exit(2);
