# The image of every Airflow component. Build: docker build -t sanctions-watch .
FROM python:3.12-slim-bookworm

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 AIRFLOW_HOME=/opt/airflow PYTHONPATH=/opt/sanctions-watch/plugins
RUN useradd --uid 50000 --create-home --home-dir /opt/airflow airflow
WORKDIR /opt/sanctions-watch
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt
COPY --chown=airflow dags dags
COPY --chown=airflow plugins plugins
COPY --chown=airflow include include
USER airflow
ENTRYPOINT ["airflow"]
CMD ["version"]
