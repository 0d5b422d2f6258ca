<?php

/**
 * Loads the code without composer, so that all logic is tested where only PHP is; and the libraries, if they are there,
 * for the tests of the adapters.
 */

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    $roots = ['SheetId\\Tests\\' => '/', 'SheetId\\Tools\\' => '/../tools/', 'SheetId\\' => '/../src/'];
    foreach ($roots as $namespace => $directory) {
        $file = __DIR__ . $directory . str_replace('\\', '/', substr($class, strlen($namespace))) . '.php';
        if (str_starts_with($class, $namespace) && is_file($file)) {
            require $file;
            return;
        }
    }
});
if (is_file(__DIR__ . '/../vendor/autoload.php')) {
    require __DIR__ . '/../vendor/autoload.php';
}
