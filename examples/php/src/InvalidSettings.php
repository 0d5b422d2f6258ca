<?php

declare(strict_types=1);

namespace SheetId;

/**
 * The environment does not say what the program needs to know, or says something that makes no sense.
 */
final class InvalidSettings extends \RuntimeException
{
}
