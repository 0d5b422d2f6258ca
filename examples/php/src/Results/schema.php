<?php

// Written by tools/compile-schema.php from infra/schemas/sheet_result.proto: change that one.

declare(strict_types=1);

return [
    'fields' => [
        'schemaVersion' => [
            'type' => 'int32',
            'repeated' => false,
        ],
        'sheetNumber' => [
            'type' => 'string',
            'repeated' => false,
        ],
        'status' => [
            'type' => 'Status',
            'repeated' => false,
        ],
        'reason' => [
            'type' => 'Reason',
            'repeated' => false,
        ],
        'candidate' => [
            'type' => 'string',
            'repeated' => false,
        ],
        'confidence' => [
            'type' => 'double',
            'repeated' => false,
        ],
        'digits' => [
            'type' => 'Digit',
            'repeated' => true,
        ],
        'bucket' => [
            'type' => 'string',
            'repeated' => false,
        ],
        'image' => [
            'type' => 'string',
            'repeated' => false,
        ],
        'generation' => [
            'type' => 'string',
            'repeated' => false,
        ],
        'model' => [
            'type' => 'Model',
            'repeated' => false,
        ],
        'eventId' => [
            'type' => 'string',
            'repeated' => false,
        ],
        'processedAt' => [
            'type' => 'string',
            'repeated' => false,
        ],
    ],
    'messages' => [
        'Digit' => [
            'digit' => [
                'type' => 'string',
                'repeated' => false,
            ],
            'confidence' => [
                'type' => 'double',
                'repeated' => false,
            ],
            'box' => [
                'type' => 'int32',
                'repeated' => true,
            ],
        ],
        'Model' => [
            'name' => [
                'type' => 'string',
                'repeated' => false,
            ],
            'version' => [
                'type' => 'string',
                'repeated' => false,
            ],
        ],
    ],
    'enums' => [
        'Status' => [
            'read',
            'review',
            'rejected',
        ],
        'Reason' => [
            'low_confidence',
            'no_digits',
            'wrong_length',
            'check_digit',
            'pattern_mismatch',
            'ambiguous',
            'empty_file',
            'not_an_image',
            'too_large',
            'too_small',
            'object_gone',
            'expired',
        ],
    ],
];
