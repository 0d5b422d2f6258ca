<?php

declare(strict_types=1);

namespace SheetId\Upload;

/**
 * Uploads sheets under names that nobody can guess or use twice.
 */
final class Uploader
{
    /** Metadata key of the application's own reference. */
    public const REFERENCE = 'reference';
    private const NAME_BYTES = 16;
    private const ATTEMPTS = 5;
    private const FIRST_WAIT_SECONDS = 0.5;

    /**
     * @param string $prefix what every name begins with
     * @param \Closure(float): void $sleep waits that many seconds
     */
    public function __construct(
        private readonly ObjectStore $store,
        private readonly string $prefix,
        private readonly int $maxBytes,
        private readonly \Closure $sleep,
    ) {
    }

    /**
     * Upload an image and return the object, which exists once however often the attempt had to be repeated.
     *
     * @param ?string $reference by which the application will recognise the sheet
     * @throws NotUploadable
     * @throws StorageUnavailable after some attempts
     */
    public function upload(string $bytes, ?string $reference = null): StoredObject
    {
        $type = ImageType::of($bytes);
        if (strlen($bytes) > $this->maxBytes) {
            throw new NotUploadable(strlen($bytes) . " bytes are more than the $this->maxBytes that are read");
        }
        $name = $this->newName($type);
        for ($attempt = 1;; $attempt++) {
            try {
                return $this->createOrRecognise($name, $bytes, $type, $reference);
            } catch (StorageUnavailable $failure) {
                if ($attempt === self::ATTEMPTS) {
                    throw $failure;
                }
                ($this->sleep)(self::FIRST_WAIT_SECONDS * 2 ** ($attempt - 1));
            }
        }
    }

    /**
     * Sign a request with which a browser uploads one image itself.
     *
     * @throws NotUploadable
     * @throws StorageUnavailable
     */
    public function sign(ImageType $type, \DateTimeImmutable $expires, ?string $reference = null): SignedUpload
    {
        $metadata = self::metadata($reference);
        return $this->store->signUpload($this->newName($type), $type->value, $this->maxBytes, $expires, $metadata);
    }

    /**
     * An attempt whose answer got lost has created the object all the same: then it is there, with our bytes.
     */
    private function createOrRecognise(string $name, string $bytes, ImageType $type, ?string $reference): StoredObject
    {
        try {
            return $this->store->create($name, $bytes, $type->value, self::metadata($reference));
        } catch (ObjectExists $exists) {
            $found = $this->store->find($name);
            if ($found?->md5 !== base64_encode(md5($bytes, true))) {
                throw new StorageUnavailable("$name was taken or has gone meanwhile", 0, $exists);
            }
            return $found;
        }
    }

    private function newName(ImageType $type): string
    {
        return $this->prefix . bin2hex(random_bytes(self::NAME_BYTES)) . $type->extension();
    }

    /**
     * @return array<string, string>
     */
    private static function metadata(?string $reference): array
    {
        return $reference === null ? [] : [self::REFERENCE => $reference];
    }
}
