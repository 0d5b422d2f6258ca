<?php

declare(strict_types=1);

namespace SheetId\Results;

/**
 * Where results are kept, each once by its (bucket, image, generation).
 */
interface ResultStore
{
    /**
     * Store a result for good: when this returns, it has been committed.
     *
     * @return bool whether it is new; false when its identity was there already, which is then left as it is
     * @throws InvalidMessage when it can never be stored
     * @throws ResultsUnavailable when it may work later
     */
    public function store(SheetResult $result): bool;
}
