<?php

declare(strict_types=1);

namespace SheetId\Queue;

/**
 * A pull was given up because somebody asked to stop. Never leaves the adapter.
 */
final class PullGivenUp extends \RuntimeException
{
}
