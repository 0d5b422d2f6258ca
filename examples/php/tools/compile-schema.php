#!/usr/bin/env php
<?php

/**
 * Turns the results topic's schema into the PHP array that messages are validated with:
 *
 *     php tools/compile-schema.php ../../infra/schemas/sheet_result.proto > src/Results/schema.php
 */

declare(strict_types=1);

require __DIR__ . '/ProtoSchema.php';

use SheetId\Tools\ProtoSchema;

function exported(mixed $value, string $indent = ''): string
{
    if (!is_array($value)) {
        return var_export($value, true);
    }
    $lines = '';
    foreach ($value as $key => $item) {
        $name = array_is_list($value) ? '' : var_export($key, true) . ' => ';
        $lines .= "$indent    $name" . exported($item, "$indent    ") . ",\n";
    }
    return "[\n$lines$indent]";
}

$schema = ProtoSchema::parse((string) file_get_contents($argv[1] ?? 'php://stdin'));
echo "<?php\n\n// Written by tools/compile-schema.php from infra/schemas/sheet_result.proto: change that one.\n\n",
    "declare(strict_types=1);\n\nreturn ", exported($schema), ";\n";
