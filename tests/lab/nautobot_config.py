"""The Redis part of a nautobot_config.py as the Helm chart's documentation
gives it for Redis Sentinel, as plain Django settings. The tests put the ports
of their own sentinels in place of 26379; nothing else differs.
"""

import os

SECRET_KEY = "not a secret"
INSTALLED_APPS = []
DATABASES = {}
USE_TZ = True

DJANGO_REDIS_CONNECTION_FACTORY = "django_redis.pool.SentinelConnectionFactory"
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": "redis://nautobot/0",
        "OPTIONS": {
            "CLIENT_CLASS": "django_redis.client.SentinelClient",
            "CONNECTION_POOL_CLASS": "redis.sentinel.SentinelConnectionPool",
            "PASSWORD": os.getenv("NAUTOBOT_REDIS_PASSWORD"),
            "SENTINEL_KWARGS": {
                "password": os.getenv("NAUTOBOT_REDIS_PASSWORD"),
            },
            "SENTINELS": [
                (os.getenv("NAUTOBOT_REDIS_SENTINEL_1"), 26379),
                (os.getenv("NAUTOBOT_REDIS_SENTINEL_2"), 26379),
                (os.getenv("NAUTOBOT_REDIS_SENTINEL_3"), 26379),
            ],
        },
    },
}

# As it stands today, the index on every URL:
CELERY_BROKER_URL = (
    f"sentinel://:{os.getenv('NAUTOBOT_REDIS_PASSWORD')}@{os.getenv('NAUTOBOT_REDIS_SENTINEL_1')}:26379/{os.getenv('NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX')};"
    f"sentinel://:{os.getenv('NAUTOBOT_REDIS_PASSWORD')}@{os.getenv('NAUTOBOT_REDIS_SENTINEL_2')}:26379/{os.getenv('NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX')};"
    f"sentinel://:{os.getenv('NAUTOBOT_REDIS_PASSWORD')}@{os.getenv('NAUTOBOT_REDIS_SENTINEL_3')}:26379/{os.getenv('NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX')}"
)
# As it stood before, and still stands in many a deployment:
if os.getenv("LAB_INDEX_ON_THE_LAST"):
    CELERY_BROKER_URL = (
        f"sentinel://:{os.getenv('NAUTOBOT_REDIS_PASSWORD')}@{os.getenv('NAUTOBOT_REDIS_SENTINEL_1')}:26379;"
        f"sentinel://:{os.getenv('NAUTOBOT_REDIS_PASSWORD')}@{os.getenv('NAUTOBOT_REDIS_SENTINEL_2')}:26379;"
        f"sentinel://:{os.getenv('NAUTOBOT_REDIS_PASSWORD')}@{os.getenv('NAUTOBOT_REDIS_SENTINEL_3')}:26379/{os.getenv('NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX')}"
    )
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "master_name": "nautobot",
    "sentinel_kwargs": {"password": os.getenv("NAUTOBOT_REDIS_PASSWORD")},
}
CELERY_RESULT_BACKEND = CELERY_BROKER_URL
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS
CELERY_TASK_DEFAULT_QUEUE = "default"
