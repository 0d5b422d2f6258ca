<?php

declare(strict_types=1);

namespace SheetId\Upload;

use Google\Auth\ApplicationDefaultCredentials;
use Google\Auth\FetchAuthTokenInterface;
use Google\Auth\Iam;
use Google\Auth\SignBlobInterface;

/**
 * Signs in the name of a service account through IAM's signBlob, so that no private key ever lies about.
 *
 * Whoever runs the program needs roles/iam.serviceAccountTokenCreator on that account, be it their own.
 */
final class IamSigner implements SignBlobInterface
{
    private const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

    /**
     * @param string $email of the service account
     * @param FetchAuthTokenInterface $caller who asks IAM to sign
     */
    public function __construct(
        private readonly string $email,
        private readonly FetchAuthTokenInterface $caller,
        private readonly Iam $iam,
    ) {
    }

    public static function withDefaultCredentials(string $email): self
    {
        return new self($email, ApplicationDefaultCredentials::getCredentials(self::SCOPE), new Iam());
    }

    public function signBlob($stringToSign, $forceOpenssl = false): string
    {
        $token = $this->caller->fetchAuthToken()['access_token'];
        return $this->iam->signBlob($this->email, $token, $stringToSign);
    }

    public function getClientName(?callable $httpHandler = null): string
    {
        return $this->email;
    }

    /**
     * @return array<string, mixed>
     */
    public function fetchAuthToken(?callable $httpHandler = null): array
    {
        return $this->caller->fetchAuthToken($httpHandler);
    }

    public function getCacheKey(): ?string
    {
        return $this->caller->getCacheKey();
    }

    /**
     * @return array<string, mixed>|null
     */
    public function getLastReceivedToken(): ?array
    {
        return $this->caller->getLastReceivedToken();
    }
}
