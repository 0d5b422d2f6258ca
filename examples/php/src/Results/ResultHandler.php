<?php

declare(strict_types=1);

namespace SheetId\Results;

/**
 * All that is to be done with one message, wherever it came from: a pull, a push, or a framework's queue.
 */
final class ResultHandler
{
    /**
     * @param \Closure(string, string, array<string, mixed>): void $log level, message and context, as PSR-3's log()
     */
    public function __construct(
        private readonly ResultParser $parser,
        private readonly ResultStore $store,
        private readonly \Closure $log,
    ) {
    }

    /**
     * Store the result; when this returns, the message may be acknowledged.
     *
     * @param string $data the message's data, decoded from base64
     * @throws InvalidMessage when it will never be a result
     * @throws ResultsUnavailable when it may work later
     */
    public function handle(string $data): Outcome
    {
        $result = $this->parser->parse($data);
        $outcome = $this->store->store($result) ? Outcome::Stored : Outcome::Duplicate;
        ($this->log)('info', "result {$outcome->value}", [
            'sheet' => $result->identity(),
            'status' => $result->status->value,
            'reason' => $result->reason,
            'sheetNumber' => $result->sheetNumber,
        ]);
        return $outcome;
    }
}
