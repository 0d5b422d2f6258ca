<?php

declare(strict_types=1);

namespace SheetId\Results;

/**
 * The result could not be stored; it may work later.
 */
final class ResultsUnavailable extends \RuntimeException
{
}
