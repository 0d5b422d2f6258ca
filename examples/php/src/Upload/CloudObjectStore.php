<?php

declare(strict_types=1);

namespace SheetId\Upload;

use Google\Auth\SignBlobInterface;
use Google\Cloud\Core\AnonymousCredentials;
use Google\Cloud\Core\Exception\ConflictException;
use Google\Cloud\Core\Exception\FailedPreconditionException;
use Google\Cloud\Core\Exception\NotFoundException;
use Google\Cloud\Core\Exception\ServiceException;
use Google\Cloud\Storage\Bucket;
use Google\Cloud\Storage\StorageClient;
use GuzzleHttp\Exception\TransferException;

/**
 * Objects in a bucket, through Google's client.
 */
final class CloudObjectStore implements ObjectStore
{
    private const REQUEST_TIMEOUT_SECONDS = 60;
    private const CONNECT_TIMEOUT_SECONDS = 10;
    /** What may work later: throttling, time-outs, and code 0, with which the client reports a lost connection. */
    private const TRANSIENT_CODES = [0, 408, 429, 500, 502, 503, 504];
    private const META_HEADER = 'x-goog-meta-';

    /**
     * @param ?SignBlobInterface $signer in whose name upload URLs are signed; null for the client's own credentials
     */
    public function __construct(private readonly Bucket $bucket, private readonly ?SignBlobInterface $signer = null)
    {
    }

    /**
     * The client does not look at STORAGE_EMULATOR_HOST itself, and wants credentials that an emulator does not.
     */
    public static function connect(UploadSettings $settings): self
    {
        $options = $settings->emulator === null ? [] : [
            'apiEndpoint' => $settings->emulator,
            'credentialsFetcher' => new AnonymousCredentials(),
        ];
        $client = new StorageClient($options + array_filter(['projectId' => $settings->project]) + [
            'requestTimeout' => self::REQUEST_TIMEOUT_SECONDS,
            'restOptions' => ['connect_timeout' => self::CONNECT_TIMEOUT_SECONDS],
        ]);
        $signer = $settings->signer === null ? null : IamSigner::withDefaultCredentials($settings->signer);
        return new self($client->bucket($settings->bucket), $signer);
    }

    public function create(string $name, string $bytes, string $contentType, array $metadata): StoredObject
    {
        try {
            $object = $this->bucket->upload($bytes, [
                'name' => $name,
                'resumable' => false,
                'validate' => 'md5',
                'ifGenerationMatch' => 0,
                'metadata' => ['contentType' => $contentType, 'metadata' => (object) $metadata],
            ]);
        } catch (FailedPreconditionException | ConflictException $taken) {
            throw new ObjectExists("$name exists", 0, $taken);
        } catch (ServiceException | TransferException $failure) {
            throw self::translated($failure);
        }
        return $this->described($name, $object->info());
    }

    public function find(string $name): ?StoredObject
    {
        try {
            return $this->described($name, $this->bucket->object($name)->reload());
        } catch (NotFoundException) {
            return null;
        } catch (ServiceException | TransferException $failure) {
            throw self::translated($failure);
        }
    }

    public function signUpload(
        string $name,
        string $contentType,
        int $maxBytes,
        \DateTimeImmutable $expires,
        array $metadata,
    ): SignedUpload {
        $headers = ['x-goog-content-length-range' => "1,$maxBytes", 'x-goog-if-generation-match' => '0'];
        foreach ($metadata as $key => $value) {
            $headers[self::META_HEADER . $key] = $value;
        }
        $options = ['version' => 'v4', 'method' => 'PUT', 'contentType' => $contentType, 'headers' => $headers];
        try {
            $url = $this->bucket->object($name)->signedUrl(
                $expires,
                $options + array_filter(['credentialsFetcher' => $this->signer]),
            );
        } catch (ServiceException | TransferException $failure) {
            throw self::translated($failure);
        }
        return new SignedUpload($name, 'PUT', $url, ['content-type' => $contentType] + $headers);
    }

    /**
     * @param array<string, mixed> $info
     */
    private function described(string $name, array $info): StoredObject
    {
        return new StoredObject($this->bucket->name(), $name, (string) $info['generation'], $info['md5Hash'] ?? '');
    }

    private static function translated(\Exception $failure): \Exception
    {
        $later = in_array($failure->getCode(), self::TRANSIENT_CODES, true);
        return $later ? new StorageUnavailable($failure->getMessage(), 0, $failure) : $failure;
    }
}
