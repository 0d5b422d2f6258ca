# Where the scanned sheets are uploaded to.

resource "google_storage_bucket" "sheets" {
  #checkov:skip=CKV_GCP_62:Cloud Audit Logs say who read what; usage logs in a second bucket say less

  name     = "${var.project}-sheets"
  location = var.region

  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = !var.deletion_protection

  # A sheet that is overwritten before it was read is still there to be read: each generation gets its own answer.
  versioning {
    enabled = true
  }

  # And a sheet deleted by mistake can be brought back for a week.
  soft_delete_policy {
    retention_duration_seconds = 7 * 24 * 3600
  }

  lifecycle_rule {
    condition {
      days_since_noncurrent_time = 7
      with_state                 = "ARCHIVED"
    }
    action {
      type = "Delete"
    }
  }

  lifecycle_rule {
    condition {
      age                   = var.sheet_nearline_after_days
      matches_storage_class = ["STANDARD"]
    }
    action {
      type          = "SetStorageClass"
      storage_class = "NEARLINE"
    }
  }

  lifecycle_rule {
    condition {
      age = 7
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }

  # The sample sheets of the releases.
  lifecycle_rule {
    condition {
      age            = 1
      matches_prefix = [local.release_check_prefix]
    }
    action {
      type = "Delete"
    }
  }

  dynamic "lifecycle_rule" {
    for_each = var.sheet_delete_after_days[*]

    content {
      condition {
        age = lifecycle_rule.value
      }
      action {
        type = "Delete"
      }
    }
  }

  depends_on = [google_project_service.this]
}
